import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { planSamples } from '../../src/domain/sample-plan.js';
import { decodeSegment } from '../../src/media/decode.js';
import { knownPackets, packetKeys, rememberPackets, type PacketTable } from '../../src/media/packet-table.js';
import { sparseInput, type SparseRequest } from '../../src/media/sparse-input.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { Segment } from '../../src/schema/plan.js';
import { EXACT, FAST, framesOf, planOf, segmentsOf, type Planned } from '../support/decode-all.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const clips = clipDirectory();
const workDir = join(clips.path, 'tmp');
const tools = { ...TOOLS_ON_PATH, workDir };
const signal = AbortSignal.timeout(300_000);
mkdirSync(workDir);
afterAll(() => {
  clips.remove();
});

const IRREGULAR = "select='gt(mod(n*7,11),4)'";
const RICH = ['-bf', '3', '-b_strategy', '0', '-x264opts', 'b-pyramid=normal'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=10', '-map', '1:a', '-map', '0:v', '-c:a', 'aac'];

/** Each leaves pictures out; how many of ten at least. */
const makers: Record<string, { make: () => string; tenths: number }> = {
  'many B-frames': { make: () => clips.make('b.mp4', ...testPicture(), ...x264(50, ...RICH)), tenths: 4 },
  'no B-frames and short groups': {
    make: () => clips.make('p.mp4', ...testPicture(), ...x264(40, '-bf', '0')),
    tenths: 3,
  },
  'groups shorter than the interval': { make: () => clips.make('short.mov', ...testPicture(), ...x264(9)), tenths: 7 },
  'variable frame rate': {
    make: () => clips.make('vfr.mp4', ...testPicture(), '-vf', IRREGULAR, '-fps_mode', 'vfr', ...x264(30, ...RICH)),
    tenths: 2,
  },
  'NTSC rate': {
    make: () => clips.make('ntsc.mp4', ...testPicture({ rate: '30000/1001' }), ...x264(45, ...RICH)),
    tenths: 4,
  },
  'less than a frame a second': {
    make: () => clips.make('slow.mp4', ...testPicture({ rate: '0.7', seconds: 60 }), ...x264(6, ...RICH)),
    tenths: 0,
  },
  'open groups of pictures': {
    make: () =>
      clips.make('open.mp4', ...testPicture(), ...x264(25, ...RICH, '-flags', '-cgop', '-x264opts', 'open-gop=1')),
    tenths: 2,
  },
  'several slices a picture': {
    make: () => clips.make('slices.mp4', ...testPicture(), ...x264(50, ...RICH, '-slices', '4')),
    tenths: 4,
  },
  'sound in the track before, and fragments': {
    make: () =>
      clips.make(
        'sound.mp4',
        ...testPicture(),
        ...SOUND,
        ...x264(50, ...RICH),
        '-movflags',
        'frag_keyframe+empty_moov',
      ),
    tenths: 4,
  },
  'parameter sets among the pictures': {
    make: () => clips.make('sets.mp4', ...testPicture(), ...x264(50, ...RICH, '-x264opts', 'repeat-headers=1:aud=1')),
    tenths: 4,
  },
};

function requestOf({ path, video, plan }: Planned, segment: Segment, from = segment.from): SparseRequest {
  return { path, video, plan, segment, from, sampling: 'fast', tools };
}

function whole({ plan }: Planned): Segment {
  return { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
}

async function tableOf({ path, video }: Planned): Promise<PacketTable> {
  const packets = await knownPackets((await packetKeys(path))(video.streamIndex), () => Promise.resolve(null));
  if (packets === null) throw new Error('Expected a table of packets.');
  return packets;
}

describe.each(Object.keys(makers))('a video with %s', (name) => {
  let planned: Planned;
  beforeAll(async () => {
    planned = await planOf(makers[name]?.make() ?? '', FAST);
  });

  test('is decoded without the pictures that no sample depends on', async () => {
    const input = await sparseInput(requestOf(planned, whole(planned)), signal);
    expect((input?.leftOut ?? 0) / (input?.packets ?? 1)).toBeGreaterThanOrEqual((makers[name]?.tenths ?? 0) / 10);
    await input?.remove();
  });

  test('gives in fast mode the very frames and digests of exact mode, from one segment and from several', async () => {
    const exactly = { ...planned, options: EXACT };
    for (const options of [FAST, { ...FAST, interval: 3 }]) {
      const sampled = { ...planned, plan: planSamples(planned.video, options), options };
      const exact = await framesOf({ ...sampled, options: EXACT }, whole(sampled));
      expect(await framesOf(sampled, whole(sampled))).toEqual(exact);
    }
    if (name === 'open groups of pictures') return;
    // 3 ask of every video what 2 and 7 ask.
    for (const count of name === 'many B-frames' ? [2, 7] : [3]) {
      for (const segment of segmentsOf(planned, count)) {
        expect(await framesOf(planned, segment)).toEqual(await framesOf(exactly, segment));
      }
    }
    // None of them had to be decoded in full after all.
    const key = (await packetKeys(planned.path))(planned.video.streamIndex);
    expect(await knownPackets(key, () => Promise.resolve(null))).not.toBeNull();
  });
});

describe('a video that tells too little of what refers to what', () => {
  test.each([
    ['in Matroska', () => clips.make('f.mkv', ...testPicture(), ...x264(50))],
    ['in MPEG-TS', () => clips.make('f.ts', ...testPicture(), ...x264(50))],
    ['of MPEG-4 part 2', () => clips.make('asp.mp4', ...testPicture(), '-c:v', 'mpeg4', '-g', '40')],
    ['of fields', () => clips.make('fields.mp4', ...testPicture(), ...x264(50, '-flags', '+ildct+ilme'))],
    ['of key frames only, a frame a second', () => clips.make('k.mp4', ...testPicture({ rate: '1' }), ...x264(1))],
    [
      'that an edit list cuts into',
      () => {
        const source = clips.make('uncut.mp4', ...testPicture(), ...x264(50));
        return clips.make('cut.mp4', '-ss', '3', '-i', source, '-c', 'copy');
      },
    ],
    [
      'whose path would be taken for two',
      () => {
        const path = join(clips.path, 'one|two.mp4');
        renameSync(clips.make('one-two.mp4', ...testPicture(), ...x264(50)), path);
        return path;
      },
    ],
  ])('%s is decoded in full in fast mode', async (_, make) => {
    const planned = await planOf(make(), FAST);
    expect(await sparseInput(requestOf(planned, whole(planned)), signal)).toBeNull();
    const exact = await framesOf({ ...planned, options: EXACT }, whole(planned));
    expect(await framesOf(planned, whole(planned))).toEqual(exact);
  });

  test('is decoded in full in exact mode, whatever it tells', async () => {
    const planned = await planOf(clips.make('exact.mp4', ...testPicture(), ...x264(50)));
    const request = { ...requestOf(planned, whole(planned)), sampling: 'exact' as const };
    expect(await sparseInput(request, signal)).toBeNull();
  });
});

test('a file that another process has probed is read again', async () => {
  const planned = await planOf(clips.make('other.mp4', ...testPicture(), ...x264(50, ...RICH)), FAST);
  // Tables of the last four files are kept.
  for (let index = 0; index < 4; index++) rememberPackets(`another ${index}`, null);
  const input = await sparseInput(requestOf(planned, whole(planned)), signal);
  expect(input?.leftOut).toBeGreaterThan(0);
  await input?.remove();
});

test('where a picture needed turns out to be missing, the rest is decoded in full, and from then on the file is', async () => {
  const planned = await planOf(clips.make('wrong.mp4', ...testPicture(), ...x264(250, ...RICH)), FAST);
  const exact = await framesOf({ ...planned, options: EXACT }, whole(planned));
  const packets = await tableOf(planned);
  // The decoder sees one picture in the place of another, to which others refer.
  const first = packets.sizes.indexOf(Math.max(...packets.sizes.slice(100)));
  const [offsets, sizes] = [[...packets.offsets], [...packets.sizes]];
  offsets[first] = packets.offsets[4] ?? 0;
  sizes[first] = packets.sizes[4] ?? 0;
  rememberPackets((await packetKeys(planned.path))(planned.video.streamIndex), { ...packets, offsets, sizes });
  expect(await framesOf(planned, whole(planned))).toEqual(exact);
  expect(await sparseInput(requestOf(planned, whole(planned)), signal)).toBeNull();
});

test('where parts of a picture are missing, which decoders fill in from the one before, all are decoded', async () => {
  const path = clips.make('holes.mp4', ...testPicture(), ...x264(250, ...RICH, '-slices', '4'));
  const whole4 = await planOf(path, FAST);
  const packets = await tableOf(whole4);
  const bytes = readFileSync(path);
  // The second slice of each sixth reference picture becomes padding.
  let holes = 0;
  packets.offsets.slice(1).forEach((offset) => {
    const second = offset + 4 + bytes.readUInt32BE(offset) + 4;
    const header = bytes[second] ?? 0;
    if ((header & 31) !== 1 || (header & 0x60) === 0 || holes++ % 6 !== 5) return;
    bytes[second] = (header & 0xe0) | 12;
  });
  const planned = await planOf(clips.write('holes-made.mp4', bytes), FAST);
  const input = await sparseInput(requestOf(planned, whole(planned)), signal);
  expect(input?.leftOut).toBeGreaterThan(0);
  await input?.remove();
  const exact = await framesOf({ ...planned, options: EXACT }, whole(planned));
  expect(exact.hashes).not.toEqual((await framesOf(whole4, whole(whole4))).hashes);
  expect(await framesOf(planned, whole(planned))).toEqual(exact);
  expect(await sparseInput(requestOf(planned, whole(planned)), signal)).toBeNull();
});

describe('the index made for a segment', () => {
  let planned: Planned;
  beforeAll(async () => {
    planned = await planOf(clips.make('index.mp4', ...testPicture(), ...x264(50, ...RICH)), FAST);
  });

  test('is gone when the segment is decoded', async () => {
    const { frames, digests } = decodeSegment(requestOf(planned, whole(planned)), { signal });
    const seen: string[][] = [];
    for await (const frame of frames) {
      seen.push(readdirSync(workDir));
      frame.release();
    }
    await digests;
    expect(seen[0]).toHaveLength(1);
    expect(readdirSync(workDir)).toEqual([]);
  });

  test('is gone when no more frames are wanted', async () => {
    const { frames, digests } = decodeSegment(requestOf(planned, whole(planned)), { signal });
    for await (const frame of frames) if (frame.sample === 1) break;
    await expect(digests).rejects.toThrow('no more frames were wanted');
    await expectEmpty();
  });

  test('is gone when decoding is aborted', async () => {
    const controller = new AbortController();
    const { frames } = decodeSegment(requestOf(planned, whole(planned)), { signal: controller.signal });
    const reading = (async () => {
      for await (const frame of frames) if (frame.sample === 1) controller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await expectEmpty();
  });
});

/** The decoder has its grace to end. */
async function expectEmpty(): Promise<void> {
  for (let tries = 0; tries < 100 && readdirSync(workDir).length > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(readdirSync(workDir)).toEqual([]);
}
