import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { mayDecide } from '../../src/domain/labels.js';
import type { Detector, DetectorFamily } from '../../src/detectors/detector.js';
import { detectorInfos } from '../../src/detectors/registry.js';
import { readOwnDetectors } from '../../src/own-models.js';
import type { Observation, SegmentResult } from '../../src/schema/observation.js';
import { cancelTask, startTask } from '../../src/temporal/tasks.js';
import { openInstallation, requestFor, until, type TestInstallation } from '../support/installation.js';
import { longParrot } from '../support/make-video.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../support/own-models.js';

/** How many things the detectors see where they would see one. */
let places = 1;
let installation: TestInstallation;
let directory: string;
let video: string;
/** A network that costs next to nothing, and sees something in most samples. */
let own: DetectorFamily[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-many-'));
  const [models, network] = [join(directory, 'models'), meansNetwork('NCHW')];
  writeOwnModel(models, 'redness', { onnx: onnxSection(network) }, network);
  own = await readOwnDetectors(models, {});
  installation = await openInstallation((deps) => ({ ...deps, detectors: deps.detectors.map(seeingMore) }), models);
  await installation.startWorkers();
  video = join(directory, 'long.mp4');
  longParrot(video, 8);
});
afterAll(async () => {
  await installation.close();
  await rm(directory, { recursive: true, force: true });
});

/** A real detector that reports what decides in many places of the picture, as one for objects or texts does. */
function seeingMore(detector: Detector): Detector {
  const inPlaces = (observation: Observation): Observation[] =>
    Array.from({ length: places }, (_, index) => ({
      ...observation,
      box: { x: index / places, y: 0, width: 0, height: 1 },
    }));
  return {
    ...detector,
    detect: async (batch, run, signal) =>
      (await detector.detect(batch, run, signal)).flatMap((seen) => (mayDecide(seen) ? inPlaces(seen) : [seen])),
  };
}

/** Moderates the video and answers the verdict, and what of it went through the workflow's history. */
async function moderate() {
  const asked = await requestFor(installation, video, { options: { scenes: ['terrorism'] } });
  const detectors = await detectorInfos(['terrorism'], [], undefined, own);
  const { taskId } = asked;
  await startTask(installation.tasks, { ...asked, detectors });
  const { ModerationResult } = await until(installation, taskId, 'verdict');
  const { events } = await installation.client.workflow.getHandle(taskId).fetchHistory();
  await cancelTask(installation.tasks, taskId);
  const names = new Map<string, string>();
  const segments: SegmentResult[] = [];
  for (const { eventId, activityTaskScheduledEventAttributes, activityTaskCompletedEventAttributes } of events ?? []) {
    const scheduled = activityTaskScheduledEventAttributes;
    if (scheduled) names.set(String(eventId), scheduled.activityType?.name ?? '');
    const completed = activityTaskCompletedEventAttributes;
    if (completed && names.get(String(completed.scheduledEventId)) === 'classifySegment')
      segments.push(defaultPayloadConverter.fromPayload(completed.result!.payloads![0]!));
  }
  return {
    result: ModerationResult!,
    bytes: segments.map(({ observations }) => (observations === null ? null : JSON.stringify(observations).length)),
    isDecidedByActivity: [...names.values()].includes('decideFromChunks'),
  };
}

test('a verdict is the same whether its observations fit a history, only those of one segment do, or not even these', async () => {
  places = 1;
  const few = await moderate();
  expect(few.result.Suggestion).toBe('review');
  expect(few.bytes.length).toBeGreaterThan(1);
  expect(few.isDecidedByActivity).toBe(false);

  // As many that those of all segments come to more than 200 KB.
  const sum = few.bytes.reduce<number>((total, bytes) => total + bytes!, 0);
  places = Math.ceil(300_000 / (sum * 1.7));
  const many = await moderate();
  expect(many.bytes.every((bytes) => bytes !== null && bytes < 200_000)).toBe(true);
  expect(many.isDecidedByActivity).toBe(true);
  expect(many.result).toEqual(few.result);

  places *= 5;
  const tooMany = await moderate();
  expect(tooMany.bytes.every((bytes) => bytes === null)).toBe(true);
  expect(tooMany.isDecidedByActivity).toBe(true);
  expect(tooMany.result).toEqual(few.result);
});
