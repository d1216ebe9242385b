import { VideoHashes } from '../../../src/detectors/known-media/video-hashes.js';
import type { Pdq } from '../../../src/detectors/known-media/pdq.js';

/** A hash with so many bits set. */
function pdq(bits: number, quality = 100): Pdq {
  const hash = Uint32Array.from({ length: 8 }, (_, word) => {
    const inWord = Math.min(32, Math.max(0, bits - word * 32));
    return inWord === 32 ? 0xffffffff : 2 ** inWord - 1;
  });
  return { hash, mirrored: hash, quality };
}

describe('the hashes of a video for a bank', () => {
  it('leave out frames that hardly differ from the last one kept', () => {
    const hashes = new VideoHashes();
    [0, 2, 4, 5, 9, 10].forEach((bits, frame) => {
      hashes.add([pdq(bits)], frame / 10);
    });
    const { hashes: kept, timestampsS, qualities } = hashes.build();
    expect([...timestampsS]).toEqual([0, 0.3, 0.5]);
    expect([...qualities]).toEqual([100, 100, 100]);
    expect([...kept].filter((_, word) => word % 8 === 0)).toEqual([0, 2 ** 5 - 1, 2 ** 10 - 1]);
  });

  it('are kept for the whole picture and for each of its cuts on their own', () => {
    const hashes = new VideoHashes();
    hashes.add([pdq(0), pdq(100)], 0);
    hashes.add([pdq(1), pdq(120)], 1);
    expect([...hashes.build().timestampsS]).toEqual([0, 0, 1]);
  });

  it('leave out frames with too little to be told by', () => {
    const hashes = new VideoHashes();
    hashes.add([pdq(0, 49)], 0);
    expect(hashes.build().qualities).toHaveLength(0);
    hashes.add([pdq(1, 50)], 1);
    expect([...hashes.build().qualities]).toEqual([50]);
  });
});
