import { readdirSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { conclude } from '../../src/activities/conclude.js';
import { classifySegment } from '../../src/activities/classify-segment.js';
import { readConfig } from '../../src/config.js';
import { openStores, type Stores } from '../../src/deps.js';
import { createDetectors, detectorInfos, type DetectorSet } from '../../src/detectors/registry.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { loadPolicy } from '../../src/policy.js';
import type { Checkpoint, Observation, SegmentResult } from '../../src/schema/observation.js';
import { fileSources, identifyFile } from '../../src/sources/file.js';
import { readObservations } from '../../src/store/observations.js';
import { makeRequest } from '../store/make-records.js';
import { build, ROOT } from '../support/build.js';
import { EXACT, FAST, KEYFRAME, planOf, segmentsOf, type SampleOptions } from '../support/decode-all.js';
import { FLAWS, flawedClip } from '../support/flawed-clip.js';
import { samplePath } from '../support/installation.js';
import { clipDirectory } from '../support/make-video.js';

const place = clipDirectory();
let stores: Stores;
let set: DetectorSet;
beforeAll(async () => {
  await build();
  stores = await openStores(readConfig({ dataDir: `${place.path}/data` }));
  set = await createDetectors({ threads: 1, scenes: ['live'] });
});
afterAll(async () => {
  await set.close();
  await stores.records.close();
  place.remove();
});

let tasks = 0;

/** What a task for the scene live says of a video: all its segments, one after the other, and the last word. */
async function moderate(
  path: string,
  options: SampleOptions,
  parts: number,
  checkpoint?: (from: number) => Checkpoint,
) {
  const { video, plan } = await planOf(path, options);
  const [taskId, { policy, policyDigest }, infos] = [
    `watch-${tasks++}`,
    await loadPolicy(),
    await detectorInfos(['live']),
  ];
  await stores.records.createTask(makeRequest(taskId), new Date().toISOString());
  const source = await identifyFile(path);
  const detectors = infos.map(({ name }) => name);
  const run = { sourceDigest: 'a'.repeat(64), policy, policyDigest, scenes: ['live' as const], banks: [] };
  const deps = { ...stores, sources: fileSources(null), detectors: set.detectors, media: TOOLS_ON_PATH };
  const results: SegmentResult[] = [];
  for (const segment of segmentsOf({ video, plan }, parts)) {
    const input = { taskId, source, video, plan, segment, sampling: options.sampling, detectors, run };
    const resumed = checkpoint === undefined ? {} : { attempt: 2, heartbeatDetails: checkpoint(segment.from) };
    const environment = new MockActivityEnvironment(resumed);
    results.push(await environment.run(() => classifySegment(deps, input)));
  }
  const chunks = results.flatMap((result) => result.chunks);
  const whole = { segment: parts, chunks, plan, video, sourceMd5: '', detectors, run };
  const last = await conclude(deps, whole, AbortSignal.timeout(60_000));
  return { results, said: await readObservations(stores.blobs, last.chunks), segments: results.length };
}

function spansOf(said: readonly Observation[]): Record<string, { startS: number; endS: number }> {
  return Object.fromEntries(said.map(({ class: kind, span }) => [kind, span!]));
}

/** Each clip with its frame rate. */
const CLIPS = { 'chair-orig-22-sd-bar.mp4': 30, 'display-dual-monitors.webm': 15 } as const;
type ClipName = keyof typeof CLIPS;

describe('defects laid into a clip', () => {
  const paths = new Map<ClipName, string>();
  const expected = { ...FLAWS, frozen: { startS: 15, endS: 18 } };
  beforeAll(() => {
    for (const [name, rate] of Object.entries(CLIPS) as [ClipName, number][]) {
      const held = { first: 15 * rate, last: 18 * rate - 1 };
      paths.set(name, flawedClip(place, `${name}.mp4`, samplePath(name), held, rate));
    }
  });

  it.each([
    ['chair-orig-22-sd-bar.mp4', 'exact', EXACT, 1],
    ['chair-orig-22-sd-bar.mp4', 'fast, in six segments', FAST, 6],
    ['chair-orig-22-sd-bar.mp4', 'keyframe, in three segments', KEYFRAME, 3],
    ['display-dual-monitors.webm', 'fast, in six segments', FAST, 6],
  ] as const)('are found to the sample, in %s in sampling mode %s', async (name, _, options, parts) => {
    const { said, segments } = await moderate(paths.get(name)!, options, parts);
    expect(segments).toBe(parts);
    const found = spansOf(said);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    expect(said).toHaveLength(4);
    for (const [kind, { startS, endS }] of Object.entries(expected)) {
      expect(Math.abs(found[kind]!.startS - startS)).toBeLessThanOrEqual(1);
      expect(Math.abs(found[kind]!.endS - endS)).toBeLessThanOrEqual(1);
    }
  });

  it('are found by an attempt that has nothing left to look at', async () => {
    const path = paths.get('display-dual-monitors.webm')!;
    const first = await moderate(path, FAST, 1);
    const chunks = first.results[0]!.chunks.slice(0, -1);
    const nextSample = chunks.at(-1)!.to;
    const resumed = await moderate(path, FAST, 1, (from) => {
      return { from, nextSample, chunks, partialFrom: nextSample, partial: [], looked: {} };
    });
    expect(resumed.results).toEqual(first.results);
    expect(resumed.said).toEqual(first.said);
  });
});

test.each(readdirSync(`${ROOT}/samples`).filter((name) => /\.\w+$/.test(name) && !name.endsWith('.md')))(
  'nothing is found in %s',
  async (name) => {
    expect((await moderate(samplePath(name), FAST, 2)).said).toEqual([]);
  },
);
