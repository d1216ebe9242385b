import { existsSync } from 'node:fs';
import { readOwner } from '../../src/owner/owner-file.js';
import { connectClient } from '../../src/temporal/connection.js';
import { localTarget } from '../../src/temporal/target.js';
import { LEFT_BEHIND } from '../../src/temporal/tasks.js';
import { getProgress } from '../../src/workflows/messages.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, resultsOf, type Command, type CommandPlace } from '../support/cli.js';
import { samplePath } from '../support/installation.js';
import { longParrot } from '../support/make-video.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';

const OPTIONS = ['--scenes', 'terrorism', '--models', 'models'];

let model: SlowModel;
let place: CommandPlace;
let video: string;
/** Has several segments more than are begun at once. */
let longer: string;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  model = await slowModel(place.path('models'), 0);
  video = place.path('long.mp4');
  longParrot(video, 8);
  longer = place.path('longer.mp4');
  longParrot(longer, 36);
});
afterAll(async () => {
  await place.remove();
  await model.close();
});

/** Starts to moderate the video and waits until samples are classified, of two segments: more than may be classified again. There it is held. */
async function underWay(path: string, ...more: string[]): Promise<Command> {
  model.takes(0);
  model.answers(70);
  const command = place.start(['moderate', path, ...OPTIONS, '--json', ...more]);
  await command.tells(/long(er)?\.mp4: classifying/);
  await eventually(async () => (await classified()) >= 70, 'samples to be entered as being classified');
  return command;
}

const newest = () => place.stores(async ({ records }) => (await records.listTasks({ limit: 1 }))[0]!);

/** Samples of the newest task that were entered as classified, by all attempts. */
async function classified(): Promise<number> {
  const { request } = await newest();
  const attempts = await place.stores(({ records }) => records.attempts(request.taskId));
  return attempts.reduce((sum, { from, to }) => sum + to - from, 0);
}

test('Ctrl-C ends the command in grace and the same command goes on, classifying nothing again', async () => {
  const first = await underWay(video);
  first.kill('SIGINT');
  const interrupted = await first.ended;
  expect([interrupted.code, interrupted.stdout]).toEqual([130, '']);
  expect(interrupted.stderr).toContain('the same command goes on with it');
  expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
  const { request, status } = await newest();
  expect(status).toBe('Running');

  model.takes(0);
  const second = await place.run(['moderate', video, ...OPTIONS, '--json']);
  expect(second.code).toBe(0);
  expect(second.stderr).toContain(`Going on with ${request.taskId}.`);
  const [result] = resultsOf(second);
  expect(result).toMatchObject({ TaskId: request.taskId, Status: 'Succeeded' });
  const { Inspected, Planned } = result!.ModerationResult!.Details.Coverage;
  expect(Inspected).toBe(Planned);

  const attempts = await place.stores(({ records }) => records.attempts(request.taskId));
  const segments = [...new Set(attempts.map(({ segment }) => segment))];
  expect(attempts.some(({ attempt }) => attempt > 1)).toBe(true);
  for (const segment of segments) {
    const own = attempts.filter((entry) => entry.segment === segment).sort((a, b) => a.attempt - b.attempt);
    // In grace the checkpoint is the last word: entered is ahead of it by what was in flight (3) and not yet begun (16 at a time).
    own.slice(1).forEach((entry, index) => {
      expect(own[index]!.to - entry.from).toBeLessThanOrEqual(16 + 3);
    });
  }
});

test('a second Ctrl-C ends it at once, with all that it started', async () => {
  const command = await underWay(longer, '--max-frames', '3600');
  command.kill('SIGINT');
  await command.tells(/Stopping/);
  command.kill('SIGINT');
  // Which a shell calls 130.
  expect((await command.ended).signal).toBe('SIGINT');
  // In grace it would have taken its name away, and stopped the server before that.
  expect(existsSync(place.path('data', 'owner.json'))).toBe(true);
  await eventually(() => place.programs().length === 0, 'the programs of the command to end with it');
});

/** The task that the command above leaves. */
let unfinished: string;

/** Of an open task, as its workflow tells it through the owner of the data directory. */
async function priorityOf(taskId: string): Promise<number> {
  const { temporalAddress, namespace } = (await readOwner(place.dataDir))!;
  const client = await connectClient(localTarget(temporalAddress!, namespace!));
  const progress = await client.workflow.getHandle(taskId).query(getProgress);
  await client.connection.close();
  return progress.priority;
}

test('another command names what is unfinished in one line, and goes on with it behind its own work', async () => {
  unfinished = (await newest()).request.taskId;
  const own = place.start(['moderate', samplePath('realshort.mp4'), '--scenes', 'porn', '--models', 'models']);
  await eventually(async () => (await newest()).request.taskId !== unfinished, 'its own task to begin');
  expect(await priorityOf(unfinished)).toBe(LEFT_BEHIND);
  // What is unfinished ends the segments that it is at, and goes no further once its own work has its turn.
  model.takes(300);
  await eventually(async () => (await classified()) > 0, 'its own work to begin');
  model.answers(0);
  const { code, stderr } = await own.ended;
  expect(code).toBe(0);
  const named = stderr.split('\n').filter((line) => line.includes(unfinished));
  expect(named).toEqual([expect.stringMatching(/^Unfinished tasks .*framewarden cancel ID.*: VideoModeration-\S+\.$/)]);
  expect((await newest()).status).toBe('Succeeded');
  expect((await place.stores(({ records }) => records.findTask(unfinished)))?.status).toBe('Running');
});

test('a task whose command has ended is cancelled all the same', async () => {
  const { code, stdout } = await place.run(['cancel', unfinished]);
  expect([code, stdout]).toEqual([0, `${unfinished} is cancelled.\n`]);
  expect((await place.stores(({ records }) => records.findTask(unfinished)))?.code).toBe('Cancelled');
  expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
});

test('a task that another command cancels ends as failed, with exit code 30, and one that has ended is not cancelled', async () => {
  const command = await underWay(video);
  const ended = await place.run(['cancel', unfinished]);
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('has ended already')]);
  const { request } = await newest();
  const cancelled = await place.run(['cancel', request.taskId]);
  expect([cancelled.code, cancelled.stdout]).toEqual([0, `${request.taskId} is cancelled.\n`]);
  const end = await command.ended;
  expect(end.code).toBe(30);
  expect(resultsOf(end)).toEqual([expect.objectContaining({ Status: 'Failed', Code: 'Cancelled' })]);
  expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
});
