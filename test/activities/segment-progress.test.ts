import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { SegmentProgress } from '../../src/activities/segment-progress.js';
import { openStores, type Stores } from '../../src/deps.js';
import type { ChunkRef, Checkpoint, Observation } from '../../src/schema/observation.js';
import { makeRequest } from '../store/make-records.js';

const SEGMENT = { index: 0, from: 30, to: 330, startPts: null, nextStartPts: null };
const TASK = 'VideoModeration-1';

let directory: string;
let stores: Stores;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'framewarden-progress-'));
  stores = await openStores({ dataDir: directory, databaseUrl: null, blobs: null });
  await stores.records.createTask(makeRequest(TASK), new Date().toISOString());
});
afterAll(async () => {
  await stores.records.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What is seen on a sample: one thing in this many places. */
function seen(sample: number, places: number): Observation[] {
  return Array.from({ length: places }, (_, index) => ({
    detector: 'nsfwjs',
    sample,
    class: 'porn',
    score: 0.5,
    box: { x: index / places, y: 0, width: sample / 1000, height: 1 },
  }));
}

interface Attempt {
  chunks: ChunkRef[];
  checkpoints: Checkpoint[];
}

/** One attempt from a checkpoint on, to the end or, when it is to fail, to a sample that is not classified any more. */
async function attempt(places: number, from?: Checkpoint, failsAt?: number): Promise<Attempt> {
  const checkpoints: Checkpoint[] = [];
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', (checkpoint: Checkpoint) => checkpoints.push(checkpoint));
  const chunks: ChunkRef[] = await environment.run(async () => {
    const progress = new SegmentProgress(stores, { taskId: TASK, segment: SEGMENT }, 1, from);
    for (let sample = progress.nextSample; sample < (failsAt ?? SEGMENT.to); sample++) {
      await progress.begin(sample);
      await progress.add(sample, seen(sample, places), null);
    }
    if (failsAt === undefined) await progress.finish();
    progress.stop();
    return progress.chunks;
  });
  return { chunks, checkpoints };
}

test('chunks hold 100 samples each, counted from the start of the segment', async () => {
  const { chunks } = await attempt(5);
  expect(chunks.map(({ from, to }) => [from, to])).toEqual([
    [30, 130],
    [130, 230],
    [230, 330],
  ]);
});

test.each([5, 40])(
  'an attempt that goes on from any checkpoint makes the same chunks: %d observations a sample',
  async (places) => {
    const { chunks } = await attempt(places);
    for (const failsAt of [31, 77, 130, 131, 200, 329]) {
      const { checkpoints } = await attempt(places, undefined, failsAt);
      expect(checkpoints.at(-1)).toMatchObject({ nextSample: failsAt });
      expect((await attempt(places, checkpoints.at(-1))).chunks).toEqual(chunks);
    }
  },
);

test('what is entered ahead is at most 16 samples, with how far the attempt had come', async () => {
  await attempt(5, undefined, 200);
  const [entry] = await stores.records.attempts(TASK);
  const reached = await stores.records.checkpoint(TASK, 0);
  expect(entry?.to).toBeGreaterThanOrEqual(200);
  expect(entry!.to - reached!.nextSample).toBeLessThanOrEqual(16);
  await attempt(5, reached!);
  expect(await stores.records.checkpoint(TASK, 0)).toMatchObject({ nextSample: SEGMENT.to, partial: [] });
});

test('a heartbeat stays small however many observations there are', async () => {
  for (let failsAt = 31; failsAt < SEGMENT.to; failsAt += 37) {
    const { checkpoints } = await attempt(300, undefined, failsAt);
    expect(JSON.stringify(checkpoints.at(-1)).length).toBeLessThan(200_000);
  }
});
