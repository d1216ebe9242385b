import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HashBankBuilder } from '../../../src/banks/hash-bank-builder.js';
import { classify } from '../../../src/detectors/cascade.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { InferencePool } from '../../../src/detectors/inference-pool.js';
import { knownMedia } from '../../../src/detectors/known-media/known-media.js';
import { pdqsForBank } from '../../../src/detectors/known-media/pdq.js';
import { VideoHashes } from '../../../src/detectors/known-media/video-hashes.js';
import { decide } from '../../../src/domain/decide.js';
import { digestFile } from '../../../src/media/digest-file.js';
import { decodeSegment } from '../../../src/media/decode.js';
import { readImageFrame, readImageInfo } from '../../../src/media/still.js';
import { TOOLS_ON_PATH } from '../../../src/media/tools.js';
import { loadPolicy } from '../../../src/policy.js';
import type { BankRef } from '../../../src/schema/bank.js';
import type { Observation } from '../../../src/schema/observation.js';
import type { Verdict } from '../../../src/schema/verdict.js';
import { build, ROOT } from '../../support/build.js';
import { EXACT, planOf } from '../../support/decode-all.js';
import { clipDirectory, runFfmpeg } from '../../support/make-video.js';
import { referenceFile, referenceVideo, VIDEO_NAMES, VIDEOS } from './reference.js';

const signal = AbortSignal.timeout(600_000);
const clips = clipDirectory();
const contents = new Map<string, Uint8Array>();
let pool: InferencePool;
let detector: Detector;

beforeAll(async () => {
  await build();
  pool = new InferencePool(2);
  const banks = {
    read: ({ digest }: BankRef) => Promise.resolve(contents.get(digest) ?? Uint8Array.of()),
  };
  detector = await knownMedia.create({ pool, banks });
});

afterAll(async () => {
  await pool.close();
  clips.remove();
});

/** A bank of what is added, as the installation keeps it. */
function bankOf(name: string, add: (builder: HashBankBuilder) => void, changes: Partial<BankRef> = {}): BankRef {
  const builder = new HashBankBuilder();
  add(builder);
  const { bytes, counts } = builder.build();
  const digest = createHash('sha256').update(bytes).digest('hex');
  contents.set(digest, bytes);
  const entries = counts.pictures + counts.videos + counts.files;
  return { name, kind: 'hashes', scene: 'terrorism', atMost: 'block', version: 1, digest, entries, ...changes };
}

const published = (): BankRef =>
  bankOf('chairs', (builder) => {
    for (const name of VIDEO_NAMES) builder.addVideo(name, referenceVideo(name));
  });

interface Seen {
  observations: Observation[];
  known: Observation[];
  verdict: Verdict;
}

/** Everything that the product does with a video: sampled once a second, classified on threads, concluded and decided by the default policy. */
async function moderate(path: string, ...banks: BankRef[]): Promise<Seen> {
  const { video, plan } = await planOf(path, EXACT);
  const { sha256, md5 } = await digestFile(path, signal);
  const run: DetectorRun = { sourceDigest: sha256, ...(await loadPolicy()), scenes: ['terrorism', 'ad'], banks };
  const observations: Observation[] = [];
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, from: 0, sampling: EXACT.sampling, tools: TOOLS_ON_PATH };
  for await (const frame of decodeSegment(request, { signal }).frames) {
    observations.push(...(await classify([frame], [detector], run, signal)));
    frame.release();
  }
  const classified = { observations, plan, video, sourceMd5: md5 };
  observations.push(...((await detector.conclude?.(classified, run, signal)) ?? []));
  const verdict = decide({
    ...run,
    observations,
    detectors: await knownMedia.infos(run.scenes, { banks }),
    taskType: 'VideoModeration',
    plan,
    video,
    inspected: [{ from: 0, to: plan.count }],
  });
  return { observations, known: observations.filter((seen) => seen.class === 'known'), verdict };
}

/** vPDQ of every frame of a video's first seconds, also of its cuts, as an import makes it. */
function imported(path: string, seconds: number, widthPx: number, heightPx: number, fps: number): VideoHashes {
  const bytes = runFfmpeg(
    '-i',
    path,
    '-t',
    `${seconds}`,
    '-pix_fmt',
    'yuv420p',
    '-fps_mode',
    'passthrough',
    '-f',
    'rawvideo',
    '-',
  );
  const size = (widthPx * heightPx * 3) / 2;
  const hashes = new VideoHashes();
  for (let frame = 0; (frame + 1) * size <= bytes.length; frame++) {
    const data = new Uint8Array(bytes.subarray(frame * size, (frame + 1) * size));
    const colour = { matrix: null, range: null };
    hashes.add(pdqsForBank({ widthPx, heightPx, format: 'yuv420p', colour, data }), frame / fps);
  }
  return hashes;
}

const ORIGINAL = VIDEOS['chair-orig-22-sd-bar'];
const ENCODED = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

describe('a known video', () => {
  it.each(VIDEO_NAMES)('is told again from its published vPDQ: %s, from its first second to its last', async (name) => {
    const { known, verdict } = await moderate(VIDEOS[name], published());
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
    expect(verdict.findings.map(({ match }) => match?.entry)).toContain(name);
  });

  it('is told again with another logo, but not where the logo covers much', async () => {
    const original = bankOf('original', (builder) => {
      builder.addVideo('chair', referenceVideo('chair-orig-22-sd-bar'));
    });
    expect((await moderate(VIDEOS['chair-22-with-small-logo-bar'], original)).verdict.suggestion).toBe('block');
    // Most frames are 50 bits away; the few that are not are for a person.
    expect((await moderate(VIDEOS['chair-22-with-large-logo-bar'], original)).verdict.suggestion).toBe('review');
  });

  it.each([
    ['compressed hard', ['-crf', '40']],
    ['scaled to half', ['-vf', 'scale=iw/2:-2', '-crf', '30']],
    ['squeezed', ['-vf', 'scale=360:360']],
    ['at another frame rate', ['-r', '12']],
    ['brighter', ['-vf', 'eq=brightness=0.1:contrast=1.2']],
    ['mirrored', ['-vf', 'hflip']],
    ['an excerpt', ['-ss', '5.3', '-t', '8']],
    ['without its colours', ['-vf', 'hue=s=0']],
  ])('is told again when it is %s', async (title, how) => {
    const copy = clips.make(`${title.replaceAll(' ', '-')}.mp4`, '-i', ORIGINAL, ...ENCODED, ...how);
    expect((await moderate(copy, published())).verdict.suggestion).toBe('block');
  });

  it('is told again inside a longer one, with the time where it is', async () => {
    const copy = clips.make(
      'inside.mp4',
      ...['-i', 'samples/grand-prix-1906.ogv', '-i', ORIGINAL, '-filter_complex'],
      '[0]scale=480:720,fps=30,setsar=1[a];[1]scale=480:720,fps=30,setsar=1[b];[a][b]concat=n=2',
      ...ENCODED,
    );
    const { known, verdict } = await moderate(copy, published());
    expect(verdict.suggestion).toBe('block');
    const span = known.find(({ match, span }) => match?.entry === 'chair-orig-22-sd-bar' && span !== undefined)?.span;
    expect(span?.startS).toBeGreaterThan(18);
    expect(span?.endS).toBeGreaterThan(38);
  });

  it('is told again when a tenth of it was cut off, from a bank made of the video and not from a list of hashes', async () => {
    const copy = clips.make(
      'cut.mp4',
      '-ss',
      '0.5',
      '-t',
      '7',
      '-i',
      ORIGINAL,
      ...ENCODED,
      '-vf',
      'crop=iw*0.9:ih*0.9',
    );
    const list = await moderate(copy, published());
    expect(list.verdict.suggestion).toBe('pass');
    const made = bankOf('made', (builder) => {
      builder.addVideo('chair', imported(ORIGINAL, 8, 480, 720, 30).build());
    });
    expect((await moderate(copy, made)).verdict.suggestion).toBe('block');
  });

  it('that may not block without a person is for a person', async () => {
    const { known, verdict } = await moderate(ORIGINAL, { ...published(), atMost: 'review' });
    expect(verdict.suggestion).toBe('review');
    expect(known.every(({ atMost }) => atMost === 'review')).toBe(true);
  });
});

describe('a known file', () => {
  it.each(['md5', 'sha256'])('is told again by its %s, whatever it shows', async (algorithm) => {
    const path = join(ROOT, 'samples', 'realshort.mp4');
    const digest = createHash(algorithm).update(readFileSync(path)).digest();
    const bank = bankOf('files', (builder) => {
      builder.addFile(
        'plants',
        Uint32Array.from({ length: digest.length / 4 }, (_, word) => digest.readUInt32BE(word * 4)),
      );
    });
    const { known, verdict } = await moderate(path, bank);
    expect(known).toHaveLength(1);
    expect(known[0]).toMatchObject({ score: 1, match: { bank: 'files', entry: 'plants', distance: 0 } });
    expect(verdict.suggestion).toBe('block');
    expect((await moderate(ORIGINAL, bank)).known).toEqual([]);
  });
});

describe('a known picture', () => {
  const picture = async (path: string, run: DetectorRun): Promise<Observation[]> => {
    const info = await readImageInfo(path, readFileSync(path).length, { maxFrames: 1 });
    const frame = await readImageFrame(path, info, { frame: 0, sample: 0 }, { tools: TOOLS_ON_PATH, signal });
    return await classify([frame], [detector], run, signal);
  };

  it('is told again compressed, scaled, blurred and mirrored, and others are not', async () => {
    const original = referenceFile('aaa-orig.jpg');
    const info = await readImageInfo(original, readFileSync(original).length, { maxFrames: 1 });
    const frame = await readImageFrame(original, info, { frame: 0, sample: 0 }, { tools: TOOLS_ON_PATH, signal });
    const bank = bankOf('pictures', (builder) => {
      for (const { hash } of pdqsForBank(frame)) builder.addPicture('bridge', hash);
    });
    const run = { sourceDigest: '', ...(await loadPolicy()), scenes: ['terrorism' as const], banks: [bank] };
    const copies = [
      ...['blur-a-lot.jpg', 'high-contrast.jpg', 'shrink-a-lot.jpg', 'square-256x256.jpg'].map(referenceFile),
      clips.make('mirrored.jpg', '-i', original, '-vf', 'hflip', '-q:v', '8'),
      clips.make('cut.jpg', '-i', original, '-vf', 'crop=iw*0.9:ih*0.9', '-q:v', '8'),
    ];
    for (const copy of copies) {
      const known = (await picture(copy, run)).filter((seen) => seen.class === 'known');
      expect([copy, known.map(({ match }) => match?.entry)]).toEqual([copy, ['bridge']]);
      expect(known[0]?.score).toBeGreaterThanOrEqual(0.9);
      expect(known[0]).not.toHaveProperty('atMost');
    }
    for (const other of ['q0122.jpg', 'q0746.jpg', 'q2821.jpg'])
      expect((await picture(referenceFile(other), run)).map((seen) => seen.class)).toEqual(['hash']);
  });

  it('keeps its hash and quality as an observation that decides nothing', async () => {
    const run = { sourceDigest: '', ...(await loadPolicy()), scenes: ['terrorism' as const], banks: [published()] };
    const [seen, ...more] = await picture(referenceFile('q2821.jpg'), run);
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
    const all = { sourceDigest: '', ...(await loadPolicy()), scenes: ['terrorism' as const] };
    const [seen] = await picture(path, { ...all, banks: [] });
    expect(seen?.score).toBe(0.03);
    const words = Uint32Array.from({ length: 8 }, (_, word) =>
      parseInt((seen?.text ?? '').slice(word * 8, word * 8 + 8), 16),
    );
    const bank = bankOf('flat', (builder) => {
      builder.addPicture('self', words);
    });
    expect((await picture(path, { ...all, banks: [bank] })).map((each) => each.class)).toEqual(['hash']);
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
    const { known, verdict } = await moderate(join(ROOT, 'samples', sample), published());
    expect(known).toEqual([]);
    expect(verdict.suggestion).toBe('pass');
  });
});

describe('what the detector says of itself', () => {
  it('is nothing for scenes without a bank of hashes that may ask for anything', async () => {
    const terms = { ...published(), kind: 'terms' as const };
    const silent = { ...published(), atMost: 'pass' as const };
    expect(await knownMedia.infos(['terrorism', 'porn', 'ad', 'logo', 'live'], { banks: [terms, silent] })).toEqual([]);
    const infos = await knownMedia.infos(['terrorism', 'porn'], { banks: [published()] });
    expect(infos.map(({ scene, atMost, concludes }) => ({ scene, atMost, concludes }))).toEqual([
      { scene: 'terrorism', atMost: 'block', concludes: true },
    ]);
    expect(infos[0]?.sees).toContain('4 known');
  });

  it('has a digest of its banks, whatever their order', async () => {
    const [a, b] = [published(), { ...published(), name: 'more' }];
    const digest = async (...banks: BankRef[]): Promise<string | undefined> =>
      (await knownMedia.infos(['terrorism'], { banks }))[0]?.digest;
    expect(await digest(a, b)).toBe(await digest(b, a));
    expect(await digest(a)).not.toBe(await digest(a, b));
    expect(await digest(a)).not.toBe(await digest({ ...a, atMost: 'review' }));
  });
});
