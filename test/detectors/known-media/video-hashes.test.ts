import { hashText } from '../../../src/detectors/known-media/pdq-hash.js';
import { pdqOf, pdqsForBank } from '../../../src/detectors/known-media/pdq.js';
import { VideoHashes } from '../../../src/detectors/known-media/video-hashes.js';
import { drawnPicture } from './synthetic.js';

const texts = (hashes: Uint32Array): string[] =>
  Array.from({ length: hashes.length / 8 }, (_, index) => hashText(hashes.subarray(index * 8, index * 8 + 8)));

describe('the hashes of a video for a bank', () => {
  it('are those of each frame and of what cuts leave of it, with its time', () => {
    const pictures = [drawnPicture(160, 120, 3), drawnPicture(160, 120, 4)];
    const hashes = new VideoHashes();
    pictures.forEach((picture, frame) => {
      hashes.add(picture, frame / 10);
    });
    const built = hashes.build();
    expect(texts(built.hashes)).toEqual(
      pictures.flatMap((each) => pdqsForBank(each).map(({ hash }) => hashText(hash))),
    );
    expect([...built.timestampsS]).toEqual([...Array<number>(5).fill(0), ...Array<number>(5).fill(0.1)]);
    expect([...built.qualities].every((quality) => quality >= 50)).toBe(true);
  });

  it('leave out frames that hardly differ from the last one kept', () => {
    const [one, other] = [drawnPicture(160, 120, 3), drawnPicture(160, 120, 4)];
    const hashes = new VideoHashes();
    [one, one, other, other, one].forEach((picture, frame) => {
      hashes.add(picture, frame);
    });
    expect([...new Set(hashes.build().timestampsS)]).toEqual([0, 2, 4]);
  });

  it('leave out frames with too little to be told by', () => {
    const flat = { ...drawnPicture(160, 120, 3), data: new Uint8Array(160 * 120 * 3).fill(77) };
    expect(pdqOf(flat).quality).toBe(0);
    const hashes = new VideoHashes();
    hashes.add(flat, 0);
    expect(hashes.build().qualities).toHaveLength(0);
  });
});
