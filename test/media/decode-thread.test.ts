import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSegment } from '../../src/media/decode.js';
import type { DecodeRequest } from '../../src/media/decode-pass.js';
import { DecodeThread, DecodeThreadError } from '../../src/media/decode-thread-handle.js';
import { UnsafeSegmentError } from '../../src/media/errors.js';
import { FfmpegError } from '../../src/media/ffmpeg-errors.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { build } from '../support/build.js';
import { PARROT } from '../support/clips.js';
import { EXACT, FAST, framesOf, KEYFRAME, planOf, segmentsAt, type Planned } from '../support/decode-all.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const COCKATOO = join(__dirname, '../../samples/cockatoo.mp4');
const clips = clipDirectory();
const childrenDir = mkdtempSync(join(tmpdir(), 'children-'));
const decodeThread = new DecodeThread();
const tools = { ...TOOLS_ON_PATH, childrenDir, decodeThread };
const never = new AbortController().signal;

beforeAll(() => build());
afterEach(() => until(() => readdirSync(childrenDir).length === 0));
afterAll(async () => {
  await decodeThread.close();
  clips.remove();
  rmSync(childrenDir, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function requestOf({ path, video, plan, options }: Planned): DecodeRequest {
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  return { path, video, plan, segment, sampling: options.sampling, from: 0, tools };
}

describe('the thread that decodes', () => {
  it.each([EXACT, FAST, KEYFRAME])('gives the frames and digests of the caller’s own, %j', async (options) => {
    const planned = await planOf(PARROT, options);
    const segments = segmentsAt(planned, [38912, 74240]);
    const decoded = async (as: Planned): Promise<unknown[]> =>
      (await Promise.all(segments.map((segment) => framesOf(as, segment)))).map(({ first, ...all }) => [
        all,
        first.length,
      ]);
    expect(await decoded({ ...planned, tools })).toEqual(await decoded(planned));
  });

  it('tells what every picture measured', async () => {
    const path = clips.make('watched.mp4', ...testPicture({ seconds: 2 }), ...x264(25));
    const planned = await planOf(path);
    const [segment] = segmentsAt(planned, []);
    const { summary } = await framesOf({ ...planned, tools }, segment!, 0, true);
    expect(summary.watched?.timesS).toHaveLength(50);
    expect(summary).toEqual((await framesOf(planned, segment!, 0, true)).summary);
  });

  it('throws what decoding throws, by its class and with its fields', async () => {
    const planned = await planOf(COCKATOO);
    const untold = { ...planned, video: { ...planned.video, x264Build: null }, tools };
    const unsafe = framesOf(untold, segmentsAt(planned, [38912, 74240])[1]!);
    await expect(unsafe).rejects.toBeInstanceOf(UnsafeSegmentError);
    await expect(unsafe).rejects.toMatchObject({ segment: 1, message: expect.stringMatching(/^Segment 1 /) as string });
    const missing = { ...requestOf(planned), tools: { ...tools, ffmpegPath: 'no-such-ffmpeg' } };
    const { frames } = decodeSegment(missing, { signal: never });
    const failed = (async () => {
      for await (const frame of frames) frame.release();
    })();
    await expect(failed).rejects.toBeInstanceOf(FfmpegError);
    await expect(failed).rejects.toMatchObject({ exitCode: 127 });
  });

  it('waits while no frame is released, which is no stall, and ends ffmpeg when the loop is left', async () => {
    const request = { ...requestOf(await planOf(COCKATOO)), stallS: 4 };
    const { frames, digests } = decodeSegment(request, { signal: never });
    let held = 0;
    for await (const frame of frames) {
      expect(frame.sample).toBe(held++);
      // Longer than the stall limit, which is longer than a busy machine takes to start ffmpeg.
      if (held === 3) await new Promise((resolve) => setTimeout(resolve, 5500));
      // More than there is memory for at once.
      if (held === 12) break;
      frame.release();
    }
    await expect(digests).rejects.toThrow('no more frames were wanted');
  });

  it('ends with the reason of the signal, also of one that was there before', async () => {
    const request = requestOf(await planOf(COCKATOO));
    const controller = new AbortController();
    const { frames, digests } = decodeSegment(request, { signal: controller.signal });
    const reading = (async () => {
      for await (const frame of frames) if (frame.sample === 1) controller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await expect(digests).rejects.toThrow('enough');
    const late = decodeThread.decode({ ...request, tools: { ...TOOLS_ON_PATH, childrenDir } }, null, controller.signal);
    await expect(late.digests).rejects.toThrow('enough');
  });

  it('fails what is under way when it is closed, with its decoders, and begins anew for what comes next', async () => {
    const request = requestOf(await planOf(COCKATOO));
    const { frames } = decodeSegment(request, { signal: never });
    const samples: number[] = [];
    const reading = (async () => {
      for await (const { sample } of frames) {
        samples.push(sample);
        if (sample === 0) await decodeThread.close();
      }
    })();
    await expect(reading).rejects.toThrow(DecodeThreadError);
    const again = await framesOf({ ...(await planOf(PARROT)), tools }, request.segment);
    expect(again.samples).toHaveLength(14);
  });
});
