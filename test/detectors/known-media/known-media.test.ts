import { join } from 'node:path';
import type { KnownVideo } from '../../../src/banks/hash-bank.js';
import { knownMedia } from '../../../src/detectors/known-media/known-media.js';
import { pdqOf } from '../../../src/detectors/known-media/pdq.js';
import { VideoHashes } from '../../../src/detectors/known-media/video-hashes.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';
import type { BankRef } from '../../../src/schema/bank.js';
import { build, ROOT } from '../../support/build.js';
import { clipDirectory, runFfmpeg } from '../../support/make-video.js';
import { KnownMediaRig } from './rig.js';
import { referenceVideo, VIDEO_NAMES, VIDEOS } from './reference.js';

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

/** Frames a second that are hashed: fewer than an import would, and enough to be found by. */
const RATE = 15;

interface Clip {
  path: string;
  widthPx: number;
  heightPx: number;
}

/** Frames of a clip's first five seconds in this size, each with its second. */
function* framesOf({ path, widthPx, heightPx }: Clip): Generator<{ picture: Picture; second: number }> {
  const decoded = ['-i', path, '-t', '5', '-vf', `fps=${RATE},scale=${widthPx}:${heightPx}`, '-pix_fmt', 'yuv420p'];
  const bytes = runFfmpeg(...decoded, '-f', 'rawvideo', '-');
  const size = (widthPx * heightPx * 3) / 2;
  for (let frame = 0; (frame + 1) * size <= bytes.length; frame++) {
    const data = new Uint8Array(bytes.subarray(frame * size, (frame + 1) * size));
    const colour = { matrix: null, range: null };
    yield { picture: { widthPx, heightPx, format: 'yuv420p', colour, data }, second: frame / RATE };
  }
}

/** vPDQ of each frame, also of its cuts and of what is between bars, as an import makes it. */
function imported(clip: Clip): KnownVideo {
  const hashes = new VideoHashes();
  for (const { picture, second } of framesOf(clip)) hashes.add(picture, second);
  return hashes.build();
}

/** vPDQ of each frame as a whole, as lists have it. */
function listed(clip: Clip): KnownVideo {
  const frames = Array.from(framesOf(clip), ({ picture, second }) => ({ ...pdqOf(picture), second }));
  return {
    hashes: Uint32Array.from(frames.flatMap(({ hash }) => [...hash])),
    qualities: Uint8Array.from(frames, ({ quality }) => quality),
    timestampsS: Float64Array.from(frames, ({ second }) => second),
  };
}

const ORIGINAL = VIDEOS['chair-orig-22-sd-bar'];
const ENCODED = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

describe('a known video', () => {
  it.each(VIDEO_NAMES)('is told again from its published vPDQ: %s, from its first second to its last', async (name) => {
    const { known, verdict } = await rig.moderate(VIDEOS[name], rig.published());
    const whole = known.filter(({ match, span }) => match?.entry === name && span !== undefined);
    expect(whole).toHaveLength(1);
    expect(whole[0]).toMatchObject({
      scene: 'terrorism',
      score: 1,
      match: { bank: 'chairs', entry: name, distance: 0 },
    });
    expect(whole[0]?.span?.startS).toBe(0);
    expect(whole[0]?.span?.endS).toBeGreaterThanOrEqual(20);
    expect(verdict).toMatchObject({ suggestion: 'block', categories: ['terrorism'] });
    // Every sample is told, not only the stretch.
    expect(verdict.blockFrames.map(({ offset }) => offset)).toEqual([...verdict.blockFrames.keys()]);
    expect(verdict.blockFrames.length).toBeGreaterThan(20);
    expect(verdict.findings?.map(({ match }) => match?.entry)).toContain(name);
  });

  it('is told again with another logo, but not where the logo covers much', async () => {
    const original = rig.bank('original', (builder) => {
      builder.addVideo('chair', referenceVideo('chair-orig-22-sd-bar'));
    });
    expect((await rig.moderate(VIDEOS['chair-22-with-small-logo-bar'], original)).verdict.suggestion).toBe('block');
    // Most frames are 50 bits away; the few that are not are for a person.
    expect((await rig.moderate(VIDEOS['chair-22-with-large-logo-bar'], original)).verdict.suggestion).toBe('review');
  });

  it.each([
    ['compressed hard', ['-crf', '40']],
    ['scaled to half', ['-vf', 'scale=iw/2:-2', '-crf', '30']],
    ['squeezed', ['-vf', 'scale=360:360,setsar=1']],
    ['at another frame rate', ['-r', '12']],
    ['brighter', ['-vf', 'eq=brightness=0.1:contrast=1.2']],
    ['mirrored', ['-vf', 'hflip']],
    ['an excerpt', ['-ss', '1.3']],
    ['without its colours', ['-vf', 'hue=s=0']],
  ])('is told again when it is %s', async (title, how) => {
    const copy = clips.make(`${title.replaceAll(' ', '-')}.mp4`, '-t', '5', '-i', ORIGINAL, ...ENCODED, ...how);
    expect((await rig.moderate(copy, rig.published())).verdict.suggestion).toBe('block');
  });

  it('is told again inside a longer one, with the time where it is', async () => {
    const copy = clips.make(
      'inside.mp4',
      ...['-t', '6', '-i', 'samples/grand-prix-1906.ogv', '-i', ORIGINAL, '-filter_complex'],
      '[0]scale=240:360,fps=15,setsar=1[a];[1]scale=240:360,fps=15,setsar=1[b];[a][b]concat=n=2',
      ...ENCODED,
    );
    const { known, verdict } = await rig.moderate(copy, rig.published());
    expect(verdict.suggestion).toBe('block');
    const span = known.find(({ match, span }) => match?.entry === 'chair-orig-22-sd-bar' && span !== undefined)?.span;
    expect(span?.startS).toBeGreaterThan(5);
    expect(span?.endS).toBeGreaterThan(25);
  });

  it('is told again when a tenth of it was cut off, from a bank made of the video and not from a list of hashes', async () => {
    const copy = clips.make(
      'cut.mp4',
      '-ss',
      '0.5',
      '-t',
      '4.5',
      '-i',
      ORIGINAL,
      ...ENCODED,
      '-vf',
      'crop=iw*0.9:ih*0.9',
    );
    const list = await rig.moderate(copy, rig.published());
    expect(list.verdict.suggestion).toBe('pass');
    const made = rig.bank('made', (builder) => {
      builder.addVideo('chair', imported({ path: ORIGINAL, widthPx: 240, heightPx: 360 }));
    });
    expect((await rig.moderate(copy, made)).verdict.suggestion).toBe('block');
  });

  it.each([
    ['bars above and below', 208, 504, 'black'],
    ['bars at its sides', 332, 360, 'black'],
    ['white bars all around', 250, 432, 'white'],
  ])(
    'is told again with %s, also from a list of hashes, and without them from a bank made of what has them',
    async (title, widthPx, heightPx, colour) => {
      const name = title.replaceAll(' ', '-');
      // Without the bars that the clip has of its own.
      const clip = ['-ss', '0.5', '-t', '4.5', '-i', ORIGINAL];
      const cut = 'crop=416:720:32:0,scale=208:360';
      const plain = clips.make(`${name}-off.mp4`, ...clip, ...ENCODED, '-vf', cut);
      const bars = `pad=${widthPx}:${heightPx}:-1:-1:${colour}`;
      const barred = clips.make(`${name}.mp4`, ...clip, ...ENCODED, '-vf', `${cut},${bars}`);
      const list = rig.bank('list', (builder) => {
        builder.addVideo('chair', listed({ path: plain, widthPx: 208, heightPx: 360 }));
      });
      expect((await rig.moderate(barred, list)).verdict.suggestion).toBe('block');
      const made = rig.bank('made', (builder) => {
        builder.addVideo('chair', imported({ path: barred, widthPx, heightPx }));
      });
      expect((await rig.moderate(plain, made)).verdict.suggestion).toBe('block');
      // Of what has bars, a list of hashes knows nothing else.
      const ofBarred = rig.bank('list', (builder) => {
        builder.addVideo('chair', listed({ path: barred, widthPx, heightPx }));
      });
      expect((await rig.moderate(plain, ofBarred)).verdict.suggestion).toBe('pass');
      expect((await rig.moderate(barred, ofBarred)).verdict.suggestion).toBe('block');
    },
  );

  it('that may not block without a person is for a person', async () => {
    const { known, verdict } = await rig.moderate(ORIGINAL, { ...rig.published(), atMost: 'review' });
    expect(verdict.suggestion).toBe('review');
    expect(known.every(({ atMost }) => atMost === 'review')).toBe(true);
  });
});

describe('media that are not known', () => {
  it.each([
    'cockatoo.mp4',
    'display-dual-monitors.webm',
    'grand-prix-1906.ogv',
    'movie-hello.mpeg',
    'newtonscradle.gif',
    'phone-1080p.mp4',
    'realshort.mp4',
  ])('match nothing: %s', async (sample) => {
    const { known, verdict } = await rig.moderate(join(ROOT, 'samples', sample), rig.published());
    expect(known).toEqual([]);
    expect(verdict.suggestion).toBe('pass');
  });
});

describe('what the detector says of itself', () => {
  it('is nothing for scenes without a bank of hashes that may ask for anything', async () => {
    const terms = { ...rig.published(), kind: 'terms' as const };
    const silent = { ...rig.published(), atMost: 'pass' as const };
    expect(await knownMedia.infos(['terrorism', 'porn', 'ad', 'logo', 'live'], { banks: [terms, silent] })).toEqual([]);
    const infos = await knownMedia.infos(['terrorism', 'porn'], { banks: [rig.published()] });
    expect(infos.map(({ scene, atMost, concludes }) => ({ scene, atMost, concludes }))).toEqual([
      { scene: 'terrorism', atMost: 'block', concludes: true },
    ]);
    expect(infos[0]?.sees).toContain('4 known');
  });

  it('has a digest of its banks, whatever their order', async () => {
    const [a, b] = [rig.published(), { ...rig.published(), name: 'more' }];
    const digest = async (...banks: BankRef[]): Promise<string | undefined> =>
      (await knownMedia.infos(['terrorism'], { banks }))[0]?.digest;
    expect(await digest(a, b)).toBe(await digest(b, a));
    expect(await digest(a)).not.toBe(await digest(a, b));
    expect(await digest(a)).not.toBe(await digest({ ...a, atMost: 'review' }));
  });
});
