import { copyFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModerationResultBody } from '../../src/schema/result.js';
import { readObservations } from '../../src/store/observations.js';
import { cancelTask } from '../../src/temporal/tasks.js';
import { PARROT } from '../support/clips.js';
import {
  openInstallation,
  requestFor,
  samplePath,
  start,
  until,
  type TestInstallation,
} from '../support/installation.js';
import { longParrot, runFfmpeg } from '../support/make-video.js';
import { startTask } from '../../src/temporal/tasks.js';

const cockatoo = samplePath('cockatoo.mp4');
const chair = samplePath('chair-orig-22-sd-bar.mp4');

let installation: TestInstallation;
let clips: string;
/** The task of the parrot, which waits for a person, and its result. */
let parrot: string;
let body: ModerationResultBody;
beforeAll(async () => {
  installation = await openInstallation();
  await installation.startWorkers();
  clips = await mkdtemp(join(tmpdir(), 'framewarden-clips-'));
  parrot = await start(installation, PARROT);
  body = await until(installation, parrot, 'waiting');
});
afterAll(async () => {
  await installation.close();
  await rm(clips, { recursive: true, force: true });
});

/** How the workflow ended: `completed`, or the name of what it failed with. */
async function ended(taskId: string): Promise<string> {
  try {
    await installation.client.workflow.getHandle(taskId).result();
    return 'completed';
  } catch (error) {
    return (error as { cause?: Error }).cause?.name ?? 'failed';
  }
}

test('a harmless video passes and the workflow is over', async () => {
  const taskId = await start(installation, chair);
  expect(await ended(taskId)).toBe('completed');
  const revision = await installation.records.latestRevision(taskId);
  expect(revision).toMatchObject({ revision: 1, origin: 'machine', verdict: { suggestion: 'pass' } });
  expect(revision?.verdict.coverage).toMatchObject({ inspected: 23, planned: 23 });
});

test('the parrot goes to a person, with the frames that caused it, and is never blocked', () => {
  expect(body).toMatchObject({
    Status: 'Succeeded',
    Code: '',
    Message: '',
    TaskType: 'VideoModeration',
    ProjectName: 'default',
  });
  const result = body.ModerationResult!;
  expect(result.Suggestion).toBe('review');
  expect(result.Categories).toEqual(['porn']);
  expect(result.Frames.TotalCount).toBe(14);
  expect(result.Frames.BlockFrames.length).toBeGreaterThan(3);
  for (const frame of result.Frames.BlockFrames) {
    expect(frame).toEqual({ Rate: expect.any(Number), Offset: expect.any(Number), Label: 'porn' });
    expect(frame.Rate).toBeGreaterThanOrEqual(50);
  }
});

test('the result has the documented fields, one key of our own, and nothing else', () => {
  expect(Object.keys(body).sort()).toEqual(
    [
      'Code',
      'EndTime',
      'EventId',
      'Message',
      'ModerationResult',
      'ProjectName',
      'StartTime',
      'Status',
      'TaskId',
      'TaskType',
      'UserData',
    ].sort(),
  );
  expect(Object.keys(body.ModerationResult!).sort()).toEqual(['Categories', 'Details', 'Frames', 'Suggestion', 'URI']);
  expect(body.EventId).toMatch(/^[0-9A-F]{3}-[0-9A-Za-z]{27}$/);
  expect(body.ModerationResult!.Details).toMatchObject({
    Revision: 1,
    Origin: 'machine',
    Scenes: { Inspected: ['porn'] },
  });
});

test('with detectors that have a last word, everything that the others saw is kept all the same', async () => {
  const taskId = await start(installation, PARROT, { options: { scenes: ['porn', 'ad'] } });
  await until(installation, taskId, 'verdict');
  const task = await installation.records.findTask(taskId);
  expect(task?.request.detectors.some(({ concludes }) => concludes)).toBe(true);
  const chunks = await installation.records.observationChunks(taskId);
  const observations = await readObservations(installation.blobs, chunks);
  const samples = new Set(observations.filter(({ detector }) => detector === 'nsfwjs').map(({ sample }) => sample));
  expect(samples.size).toBe(14);
  await cancelTask(installation.tasks, taskId);
});

test('two runs on the same video say the same to the last byte', async () => {
  const second = await start(installation, PARROT);
  const { ModerationResult } = await until(installation, second, 'verdict');
  await cancelTask(installation.tasks, second);
  expect(JSON.stringify(ModerationResult)).toBe(JSON.stringify(body.ModerationResult));
  const { records } = installation;
  expect(await records.observationChunks(second)).toEqual(await records.observationChunks(parrot));
});

test('a cancelled task ends as Failed with the code Cancelled', async () => {
  const long = join(clips, 'long.mp4');
  longParrot(long, 12);
  const taskId = await start(installation, long, { options: { maxFrames: 3600 } });
  await until(installation, taskId, 'classifying');
  await cancelTask(installation.tasks, taskId);
  expect(await ended(taskId)).toBe('CancelledFailure');
  expect(await installation.records.findTask(taskId)).toMatchObject({ status: 'Failed', code: 'Cancelled' });
});

test('a video that cannot be sought safely is decoded in one pass, and every sample is there', async () => {
  // Without the first packet nothing tells the decoder which x264 made the stream: from no seek point does it decode without errors.
  const headless = join(clips, 'headless.mp4');
  runFfmpeg('-ss', '4', '-i', cockatoo, '-an', '-c', 'copy', headless);
  const taskId = await start(installation, headless);
  const { ModerationResult } = await until(installation, taskId, 'verdict');
  const { Coverage } = ModerationResult!.Details;
  expect(Coverage.Inspected).toBe(Coverage.Planned);
  await cancelTask(installation.tasks, taskId).catch(() => undefined);
});

const faults: [string, (path: string) => Promise<unknown>, string][] = [
  ['an empty file', (path) => writeFile(path, ''), 'EmptyFile'],
  ['a text file', (path) => writeFile(path, 'Not a video, however often it is read.\n'.repeat(100)), 'Unreadable'],
  [
    'sound alone',
    (path) => Promise.resolve(runFfmpeg('-f', 'lavfi', '-i', 'sine=duration=1', '-f', 'mp4', path)),
    'NoVideoStream',
  ],
];
test.each(faults)('%s fails at once with a clear message', async (_, make, code) => {
  const path = join(clips, `${code}.mp4`);
  await make(path);
  const taskId = await start(installation, path);
  await ended(taskId);
  const task = await installation.records.findTask(taskId);
  expect(task).toMatchObject({ status: 'Failed', code });
  expect(task?.message).toContain(path);
});

test('a directory fails at once', async () => {
  const taskId = await start(installation, clips);
  await ended(taskId);
  expect(await installation.records.findTask(taskId)).toMatchObject({ status: 'Failed', code: 'NotAFile' });
});

test('a source that changed after the start fails with SourceChanged, one that is gone with SourceNotFound', async () => {
  const path = join(clips, 'changing.mp4');
  await copyFile(PARROT, path);
  const [changed, gone] = [await requestFor(installation, path), await requestFor(installation, path)];
  await utimes(path, new Date(0), new Date(0));
  await startTask(installation.tasks, changed);
  await ended(changed.taskId);
  await rm(path);
  await startTask(installation.tasks, gone);
  await ended(gone.taskId);
  expect(await installation.records.findTask(changed.taskId)).toMatchObject({
    status: 'Failed',
    code: 'SourceChanged',
  });
  expect(await installation.records.findTask(gone.taskId)).toMatchObject({ status: 'Failed', code: 'SourceNotFound' });
});
