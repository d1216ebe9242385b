import { join } from 'node:path';
import type { KnownVideo } from '../../../src/banks/hash-bank.js';
import { knownMedia } from '../../../src/detectors/known-media/known-media.js';
import { pdqOf } from '../../../src/detectors/known-media/pdq.js';
import { VideoHashes } from '../../../src/detectors/known-media/video-hashes.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';
import type { BankRef } from '../../../src/schema/bank.js';
import { build, ROOT } from '../../support/build.js';
import { clipDirectory, runFfmpeg } from '../../support/make-video.js';
import { KnownMediaRig, type Moderated } from './rig.js';
import { referenceVideo, VIDEO_NAMES, VIDEOS, type VideoName } from './reference.js';

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

/** Frames a second that are hashed, and that copies are made of: fewer than an import would, and enough to be found by. */
const RATE = 5;

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

/** Frames of a clip and what banks know of them. */
function known(clip: Clip): { imported: KnownVideo; listed: KnownVideo } {
  const frames = [...framesOf(clip)];
  // Of each frame, also of its cuts and of what is between bars, as an import makes it.
  const hashes = new VideoHashes();
  for (const { picture, second } of frames) hashes.add(picture, second);
  // Of each frame as a whole, as lists have it.
  const whole = frames.map(({ picture, second }) => ({ ...pdqOf(picture), second }));
  const listed = {
    hashes: Uint32Array.from(whole.flatMap(({ hash }) => [...hash])),
    qualities: Uint8Array.from(whole, ({ quality }) => quality),
    timestampsS: Float64Array.from(whole, ({ second }) => second),
  };
  return { imported: hashes.build(), listed };
}

/** A bank of one video of the chair. */
const bankOf = (name: string, video: KnownVideo): BankRef =>
  rig.bank(name, (builder) => {
    builder.addVideo('chair', video);
  });

const ORIGINAL_NAME = 'chair-orig-22-sd-bar';
const ORIGINAL = VIDEOS[ORIGINAL_NAME];
const ENCODED = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** The first five seconds of it, without loss: what most copies are made from, decoded once. */
let beginning: string | null = null;
const firstSeconds = (): string =>
  (beginning ??= clips.make('first.mkv', '-t', '5', '-i', ORIGINAL, '-an', '-r', `${RATE}`, '-c:v', 'ffv1'));

/** What comes of a video by its published vPDQ, which may block or may not, and by that of the video without a logo. */
interface Told {
  published: Moderated;
  mayNotBlock: Moderated;
  original: Moderated;
}
const told = new Map<VideoName, Promise<Told>>();
function tell(name: VideoName): Promise<Told> {
  const published = rig.published();
  const banks = [
    published,
    { ...published, atMost: 'review' as const },
    bankOf('original', referenceVideo(ORIGINAL_NAME)),
  ];
  const telling =
    told.get(name) ??
    rig
      .moderateEach(
        VIDEOS[name],
        banks.map((bank) => [bank]),
      )
      .then(([first, second, third]) => ({ published: first!, mayNotBlock: second!, original: third! }));
  told.set(name, telling);
  return telling;
}

describe('a known video', () => {
  it.each(VIDEO_NAMES)('is told again from its published vPDQ: %s, from its first second to its last', async (name) => {
    const { known, verdict } = (await tell(name)).published;
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
    expect((await tell('chair-22-with-small-logo-bar')).original.verdict.suggestion).toBe('block');
    // Most frames are 50 bits away; the few that are not are for a person.
    expect((await tell('chair-22-with-large-logo-bar')).original.verdict.suggestion).toBe('review');
  });

  it.each([
    ['compressed hard', ['-crf', '40']],
    ['scaled to half', ['-vf', 'scale=iw/2:-2', '-crf', '30']],
    ['squeezed', ['-vf', 'scale=360:360,setsar=1']],
    ['at another frame rate', ['-vf', 'fps=3']],
    ['brighter', ['-vf', 'eq=brightness=0.1:contrast=1.2']],
    ['mirrored', ['-vf', 'hflip']],
    ['an excerpt', ['-ss', '1.3']],
    ['without its colours', ['-vf', 'hue=s=0']],
  ])('is told again when it is %s', async (title, how) => {
    const copy = clips.make(`${title.replaceAll(' ', '-')}.mp4`, '-i', firstSeconds(), ...ENCODED, ...how);
    expect((await rig.moderate(copy, rig.published())).verdict.suggestion).toBe('block');
  });

  it('is told again inside a longer one, with the time where it is', async () => {
    const copy = clips.make(
      'inside.mp4',
      ...['-t', '6', '-i', 'samples/grand-prix-1906.ogv', '-i', ORIGINAL, '-filter_complex'],
      '[0]fps=5,scale=240:360,setsar=1[a];[1]fps=5,scale=240:360,setsar=1[b];[a][b]concat=n=2',
      ...ENCODED,
    );
    const { known, verdict } = await rig.moderate(copy, rig.published());
    expect(verdict.suggestion).toBe('block');
    const span = known.find(({ match, span }) => match?.entry === 'chair-orig-22-sd-bar' && span !== undefined)?.span;
    expect(span?.startS).toBeGreaterThan(5);
    expect(span?.endS).toBeGreaterThan(25);
  });

  it('is told again when a tenth of it was cut off, from a bank made of the video and not from a list of hashes', async () => {
    const cut = ['-ss', '0.5', '-i', firstSeconds(), ...ENCODED, '-vf', 'crop=iw*0.9:ih*0.9'];
    const made = bankOf('made', known({ path: ORIGINAL, widthPx: 240, heightPx: 360 }).imported);
    const [byList, byMade] = await rig.moderateEach(clips.make('cut.mp4', ...cut), [[rig.published()], [made]]);
    expect(byList!.verdict.suggestion).toBe('pass');
    expect(byMade!.verdict.suggestion).toBe('block');
  });

  // Without the bars that the clip has of its own.
  const CUT = 'crop=416:720:32:0,scale=208:360';
  let plain: string | null = null;
  it.each([
    ['bars above and below', 208, 504, 'black'],
    ['bars at its sides', 332, 360, 'black'],
    ['white bars all around', 250, 432, 'white'],
  ])(
    'is told again with %s, also from a list of hashes, and without them from a bank made of what has them',
    async (title, widthPx, heightPx, colour) => {
      plain ??= clips.make('without-bars.mp4', ...['-ss', '0.5', '-i', firstSeconds()], ...ENCODED, '-vf', CUT);
      const bars = `pad=${widthPx}:${heightPx}:-1:-1:${colour}`;
      const barred = clips.make(
        `${title.replaceAll(' ', '-')}.mp4`,
        ...['-ss', '0.5', '-i', firstSeconds()],
        ...ENCODED,
        '-vf',
        `${CUT},${bars}`,
      );
      const { listed } = known({ path: plain, widthPx: 208, heightPx: 360 });
      const ofBarred = known({ path: barred, widthPx, heightPx });
      const lists = [bankOf('list', listed), bankOf('list', ofBarred.listed)];
      const made = bankOf('made', ofBarred.imported);
      const suggestions = async (path: string, ...banks: BankRef[]): Promise<string[]> =>
        (
          await rig.moderateEach(
            path,
            banks.map((bank) => [bank]),
          )
        ).map(({ verdict }) => verdict.suggestion);
      expect(await suggestions(barred, ...lists)).toEqual(['block', 'block']);
      // Of what has bars, a list of hashes knows nothing else.
      expect(await suggestions(plain, made, lists[1]!)).toEqual(['block', 'pass']);
    },
  );

  it('that may not block without a person is for a person', async () => {
    const { known, verdict } = (await tell(ORIGINAL_NAME)).mayNotBlock;
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
