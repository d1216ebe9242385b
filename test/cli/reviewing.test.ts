import { readOwner } from '../../src/owner/owner-file.js';
import { connectClient } from '../../src/temporal/connection.js';
import { localTarget } from '../../src/temporal/target.js';
import { askPartial } from '../../src/temporal/task-state.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, resultsOf, type CommandPlace } from '../support/cli.js';
import { longParrot } from '../support/make-video.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';
import { makeRequest, makeRevision, makeVerdict } from '../store/make-records.js';

let place: CommandPlace;
let model: SlowModel;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  model = await slowModel(place.path('models'), 100);
});
afterAll(async () => {
  await place.remove();
  await model.close();
});

const WAITING = 'VideoModeration-11111111-0000-4000-8000-000000000000';
const APPEALED = 'VideoModeration-22222222-0000-4000-8000-000000000000';
const HOUR_MS = 3_600_000;

test('review list tells what waits, why, since when and until when, how bad it is, and who holds it', async () => {
  expect((await place.run(['review', 'list'])).stdout).toBe('Nothing waits for a review.\n');
  const now = Date.now();
  const inHours = (hours: number): string => new Date(now + hours * HOUR_MS + 60_000).toISOString();
  const claim = { claimId: 'c', reviewer: 'ada', until: inHours(1) };
  await place.stores(async ({ records }) => {
    for (const taskId of [WAITING, APPEALED]) {
      await records.createTask(makeRequest(taskId), inHours(-4));
      await records.appendRevision(makeRevision(taskId, { verdict: makeVerdict('review') }));
      await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: inHours(-4) });
    }
    const entry = { step: 'waiting', level: 'reviewer', claim: null, readers: [] as string[], sequence: 1 } as const;
    const [review, appeal] = [inHours(-2.1), inHours(-1.1)];
    await records.queue.put({ ...entry, taskId: WAITING, kind: 'review', openedAt: review, dueAt: inHours(48) });
    const held = { ...entry, step: 'claimed', claim, dueAt: null } as const;
    await records.queue.put({ ...held, taskId: APPEALED, kind: 'appeal', openedAt: appeal });
  });
  const [head, ...lines] = (await place.run(['review', 'list'])).stdout.trimEnd().split('\n');
  expect(head).toMatch(/^Task +Kind +Waiting +Due in +For +Peak +Held by +Video$/);
  expect(lines[0]).toMatch(/^11111111 +review +2 h +2 d +porn +0\.\d\d +a b\.mp4$/);
  expect(lines[1]).toMatch(/^22222222 +appeal +1 h +porn +0\.\d\d +ada +a b\.mp4$/);
  const asJson = resultsOf(await place.run(['review', 'list', '--json', '--limit', '1']));
  expect(asJson).toEqual([
    expect.objectContaining({
      TaskId: WAITING,
      Status: 'Succeeded',
      Review: expect.objectContaining({ Kind: 'review', Step: 'waiting', Level: 'reviewer', HeldBy: null }) as object,
    }),
  ]);
});

test('show tells what can be said of a task that runs, and that this is no verdict', async () => {
  const long = place.path('long.mp4');
  longParrot(long, 30);
  const only = ['--scenes', 'terrorism', '--models', 'models', '--max-frames', '1000'];
  const running = place.start(['--threads', '1', 'moderate', long, ...only]);
  await running.tells(/long\.mp4: classifying/);
  const [newest] = resultsOf(await place.run(['tasks', '--json', '--limit', '1']));
  expect(newest).toMatchObject({ Status: 'Running' });
  const id = newest!.TaskId;
  const { temporalAddress, namespace } = (await readOwner(place.dataDir))!;
  const client = await connectClient(localTarget(temporalAddress!, namespace!));
  await eventually(
    async () => (await askPartial({ client }, id, 5000)) !== null,
    'the first segment to be classified',
    120,
  );
  await client.connection.close();
  // Nothing else is classified before this is over.
  model.takes(120_000);
  expect((await place.run(['pause', id])).code).toBe(0);
  const [text, asJson] = await Promise.all([place.run(['show', id]), place.run(['show', id, '--json'])]);
  expect(text.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /^ RUNNING long\.mp4 .* So far (pass|review|block), by \d+ of \d+ samples\. It is partial: there is no verdict yet,/,
  );
  expect(resultsOf(asJson)).toEqual([
    expect.objectContaining({
      Status: 'Running',
      ModerationResult: expect.objectContaining({
        Details: expect.objectContaining({ Revision: 0 }) as object,
      }) as object,
    }),
  ]);
  running.kill('SIGINT');
  await running.ended;
  expect((await place.run(['show', id])).stdout).toContain('There is no verdict yet.');
});
