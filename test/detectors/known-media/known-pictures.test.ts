import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfText, hashText } from '../../../src/detectors/known-media/pdq-hash.js';
import { pdqsForBank } from '../../../src/detectors/known-media/pdq.js';
import { build, ROOT } from '../../support/build.js';
import { PARROT } from '../../support/clips.js';
import { clipDirectory } from '../../support/make-video.js';
import { KnownMediaRig, pictureOf } from './rig.js';
import { referenceFile } from './reference.js';

const clips = clipDirectory();
let rig: KnownMediaRig;

beforeAll(async () => {
  await build();
  rig = new KnownMediaRig();
});

afterAll(async () => {
  await rig.close();
  clips.remove();
});

describe('a known file', () => {
  it.each(['md5', 'sha256'])('is told again by its %s, whatever it shows', async (algorithm) => {
    const path = join(ROOT, 'samples', 'realshort.mp4');
    const digest = createHash(algorithm).update(readFileSync(path)).digest();
    const bank = rig.bank('files', (builder) => {
      builder.addFile(
        'plants',
        Uint32Array.from({ length: digest.length / 4 }, (_, word) => digest.readUInt32BE(word * 4)),
      );
    });
    const { known, verdict } = await rig.moderate(path, bank);
    expect(known).toHaveLength(1);
    expect(known[0]).toMatchObject({ score: 1, match: { bank: 'files', entry: 'plants', distance: 0 } });
    expect(verdict.suggestion).toBe('block');
    expect((await rig.moderate(PARROT, bank)).known).toEqual([]);
  });
});

describe('a known picture', () => {
  it('is told again compressed, scaled, blurred and mirrored, and others are not', async () => {
    const original = referenceFile('aaa-orig.jpg');
    const frame = await pictureOf(original);
    const bank = rig.bank('pictures', (builder) => {
      for (const { hash } of pdqsForBank(frame)) builder.addPicture('bridge', hash);
    });
    const copies = [
      ...['blur-a-lot.jpg', 'high-contrast.jpg', 'shrink-a-lot.jpg', 'square-256x256.jpg'].map(referenceFile),
      clips.make('mirrored.jpg', '-i', original, '-vf', 'hflip', '-q:v', '8'),
      clips.make('cut.jpg', '-i', original, '-vf', 'crop=iw*0.9:ih*0.9', '-q:v', '8'),
      clips.make('bars.jpg', '-i', original, '-vf', 'pad=iw:2*trunc(ih*0.7):0:-1', '-q:v', '8'),
    ];
    for (const copy of copies) {
      const known = (await rig.look(copy, bank)).filter((seen) => seen.class === 'known');
      expect([copy, known.map(({ match }) => match?.entry)]).toEqual([copy, ['bridge']]);
      expect(known[0]?.score).toBeGreaterThanOrEqual(0.9);
      expect(known[0]).not.toHaveProperty('atMost');
    }
    for (const other of ['q0122.jpg', 'q0746.jpg', 'q2821.jpg'])
      expect((await rig.look(referenceFile(other), bank)).map((seen) => seen.class)).toEqual(['hash']);
  });

  it('keeps its hash without the bars around it as well, and an import of it keeps both', async () => {
    const barred = clips.make('barred.jpg', '-i', referenceFile('q2821.jpg'), '-vf', 'pad=2*trunc(iw*0.7):ih:-1:0');
    const observations = await rig.look(barred);
    expect(observations.map((seen) => seen.class)).toEqual(['hash', 'hash-without-bars']);
    const texts = pdqsForBank(await pictureOf(barred)).map(({ hash }) => hashText(hash));
    for (const { text } of observations) expect(texts).toContain(text);
  });

  it('keeps its hash and quality as an observation that decides nothing', async () => {
    const [seen, ...more] = await rig.look(referenceFile('q2821.jpg'), rig.published());
    expect(more).toEqual([]);
    expect(seen).toEqual({
      detector: 'known-media',
      sample: 0,
      class: 'hash',
      score: 1,
      text: 'b150231ffae4710ffcf4f18bb574b109a576f14bb8543189f8743289f174b109',
    });
  });

  it('with too little to tell it by matches nothing, not even itself', async () => {
    const path = referenceFile('q0003.jpg');
    const [seen] = await rig.look(path);
    expect(seen?.score).toBe(0.03);
    const words = hashOfText(seen?.text ?? '');
    const bank = rig.bank('flat', (builder) => {
      builder.addPicture('self', words);
    });
    expect((await rig.look(path, bank)).map((each) => each.class)).toEqual(['hash']);
  });
});
