import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HTTP } from 'cloudevents';
import { startDelivery } from '../../src/notify/start-delivery.js';
import { destinationId } from '../../src/schema/notification.js';
import { SourceConfig } from '../../src/schema/source-config.js';
import { submitReview } from '../../src/workflows/messages.js';
import { eventually } from '../support/cli.js';
import { until } from '../support/installation.js';
import { contentOf, newSecret, startReceiver, verified, type Receiver } from '../support/receiver.js';
import { openDelivering, topic, type Delivering } from './delivering.js';

const [SECRET, NEXT_SECRET] = [newSecret(), newSecret()];

let place: Delivering;
let receiver: Receiver;
beforeAll(async () => {
  place = await openDelivering();
  await place.startWorkers();
});
afterAll(() => place.close());
beforeEach(async () => {
  receiver = await startReceiver();
  place.topics({ name: 'results', url: receiver.url, secrets: [SECRET] });
  place.patience({});
});
afterEach(() => receiver.close());

const handle = (taskId: string, destination = 'results') =>
  place.client.workflow.getHandle(`notify/${taskId}/${destination}`);

/** Waits until everything kept about the task is in one of these states. */
async function settled(taskId: string, count: number, ...states: string[]): Promise<void> {
  await eventually(
    async () => {
      const kept = await place.kept(taskId);
      return kept.length === count && kept.every(({ state }) => states.includes(state));
    },
    `${count} notifications to be ${states.join(' or ')}`,
  );
}

function decision(suggestion: 'pass' | 'block') {
  const decided = { decisionId: randomUUID(), suggestion, reviewer: 'ann', reason: null };
  return { args: [decided] as [typeof decided], updateId: decided.decisionId };
}

/** No id is ever seen with two bodies. */
function bodiesById(): Map<string, Set<string>> {
  const bodies = new Map<string, Set<string>>();
  for (const { id, body } of receiver.received) bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  return bodies;
}

test('a task tells of its verdict, and once more of what a person decided', async () => {
  const taskId = await place.start('review', [topic('results')]);
  await until(place, taskId, 'waiting');
  await settled(taskId, 1, 'delivered');
  expect(contentOf(receiver.received[0]!)).toMatchObject({
    TaskId: taskId,
    Status: 'Succeeded',
    ModerationResult: { Suggestion: 'review', Categories: ['porn'], Details: { Revision: 1, Origin: 'machine' } },
  });
  await place.client.workflow.getHandle(taskId).executeUpdate(submitReview, decision('pass'));
  await place.client.workflow.getHandle(taskId).result();
  await settled(taskId, 2, 'delivered');
  const told = receiver.received.map((received) => [verified(received, SECRET)['id'], received.id]);
  expect(new Set(told.flat()).size).toBe(2);
  expect(contentOf(receiver.received[1]!)).toMatchObject({
    ModerationResult: { Suggestion: 'pass', Details: { Revision: 2, Origin: 'person' } },
  });
  await handle(taskId).result();
});

test('a failed task tells why, to every destination in its format, and the workflow is over', async () => {
  const other = await startReceiver();
  place.topics(
    { name: 'results', url: receiver.url, secrets: [SECRET] },
    { name: 'events', url: other.url, secrets: [NEXT_SECRET], format: 'cloudevents' },
  );
  const taskId = await place.start('fails', [topic('results'), topic('events', 'cloudevents')]);
  await settled(taskId, 2, 'delivered');
  expect(contentOf(receiver.received[0]!)).toMatchObject({ TaskId: taskId, Status: 'Failed', Code: 'Unreadable' });
  const [event] = other.received;
  verified(event!, NEXT_SECRET);
  expect(HTTP.toEvent({ headers: event!.headers, body: event!.body })).toMatchObject({
    id: event!.id,
    data: { TaskId: taskId, Code: 'Unreadable' },
  });
  await Promise.all([handle(taskId).result(), handle(taskId, 'events').result()]);
  await other.close();
});

test('whatever the receiver does, what is told arrives, in order, under one id with one body', async () => {
  place.patience({ timeout: '1s', longestWait: '1s' });
  receiver.next(500, 'hang', 'drop', { status: 503, headers: { 'retry-after': '0' } }, 302);
  const taskId = await place.start('review', [topic('results')]);
  await until(place, taskId, 'waiting');
  await receiver.down();
  // Nobody who waits for a verdict or decides one notices.
  await place.client.workflow.getHandle(taskId).executeUpdate(submitReview, decision('block'));
  await place.client.workflow.getHandle(taskId).result();
  await receiver.up();
  await settled(taskId, 2, 'delivered');
  // An answer that comes too late for who sent it is told again: each message counts once.
  const revisions = receiver.delivered().map((received) => {
    verified(received, SECRET);
    return (contentOf(received)['ModerationResult'] as { Details: { Revision: number } }).Details.Revision;
  });
  expect([...new Set(revisions)]).toEqual([1, 2]);
  expect([...bodiesById().values()].map(({ size }) => size)).toEqual([1, 1]);
});

test('the keys of a topic are those of the moment of delivery', async () => {
  receiver.otherwise(401);
  const taskId = await place.start('fails', [topic('results')]);
  await eventually(() => receiver.received.length > 0, 'an attempt');
  verified(receiver.received[0]!, SECRET);
  place.topics({ name: 'results', url: receiver.url, secrets: [NEXT_SECRET, SECRET] });
  // One that was on its way may have been signed before.
  const before = receiver.received.length;
  await eventually(() => receiver.received.length > before + 1, 'two more attempts');
  receiver.otherwise(200);
  await settled(taskId, 1, 'delivered');
  const [last] = receiver.delivered();
  verified(last!, NEXT_SECRET);
  verified(last!, SECRET);
});

test('what is not delivered in time is given up, listed with the reason, and sent again as the same message', async () => {
  // Time for a second attempt on a busy machine, too.
  place.patience({ retryFor: '6s' });
  receiver.otherwise(500);
  const taskId = await place.start('fails', [topic('results')]);
  await settled(taskId, 1, 'dead');
  await handle(taskId).result();
  const [dead] = await place.kept(taskId);
  expect(dead!.attempts).toBeGreaterThan(1);
  expect(place.counted.slice(-2)).toEqual(['failed', 'dead']);
  expect(dead!.lastError).toContain('500');
  expect(await place.records.notifications.list({ state: 'dead', limit: 1 })).toMatchObject([{ id: dead!.id }]);

  receiver.otherwise(200);
  await resend(taskId);
  await settled(taskId, 1, 'delivered');
  expect(place.counted.at(-1)).toBe('delivered');
  expect([...bodiesById().values()].map(({ size }) => size)).toEqual([1]);
});

test('a message that went before it was delivered counts as given up', async () => {
  receiver.otherwise(500);
  const taskId = await place.start('fails', [topic('results')]);
  await eventually(async () => ((await place.kept(taskId))[0]?.attempts ?? 0) > 0, 'an attempt');
  const before = place.counted.filter((outcome) => outcome === 'dead').length;
  await place.records.notifications.purgeBefore(new Date(Date.now() + 60_000).toISOString());
  await handle(taskId).result();
  expect(place.counted.filter((outcome) => outcome === 'dead')).toHaveLength(before + 1);
});

test('a receiver that is gone for good is asked once', async () => {
  receiver.otherwise(410);
  const taskId = await place.start('fails', [topic('results')]);
  await settled(taskId, 1, 'dead');
  expect(receiver.received).toHaveLength(1);
});

test('what waits for its next attempt is sent at once when somebody asks for it', async () => {
  place.patience({ longestWait: '1h' });
  receiver.next({ status: 429, headers: { 'retry-after': '3600' } });
  const taskId = await place.start('fails', [topic('results')]);
  await eventually(() => receiver.received.length > 0, 'an attempt');
  await resend(taskId);
  await settled(taskId, 1, 'delivered');
});

test('a topic that is taken out of the configuration is waited for', async () => {
  place.topics();
  const taskId = await place.start('fails', [topic('results')]);
  await eventually(async () => (await place.kept(taskId))[0]?.lastError?.includes('no longer') ?? false, 'a failure');
  place.topics({ name: 'results', url: receiver.url, secrets: [SECRET] });
  await settled(taskId, 1, 'delivered');
});

test('the object with the result is there before anybody is told of it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'framewarden-results-'));
  place.settings.sources = SourceConfig.parse({
    buckets: [{ match: 'results', directory: join(directory, 'bucket'), writable: true }],
  });
  // The first attempt to write finds no bucket.
  const object = { kind: 'object', uri: 'oss://results/a b/1.json' } as const;
  const taskId = await place.start('fails', [topic('results'), object]);
  await eventually(async () => (await place.kept(taskId)).some(({ attempts }) => attempts > 0), 'an attempt');
  expect(receiver.received).toHaveLength(0);
  await mkdir(join(directory, 'bucket'));
  await settled(taskId, 2, 'delivered');
  const written = JSON.parse(await readFile(join(directory, 'bucket', 'a b', '1.json'), 'utf8')) as unknown;
  expect(written).toEqual(contentOf(receiver.received[0]!));
  await rm(directory, { recursive: true });
});

test('a task that tells nobody starts nothing', async () => {
  const taskId = await place.start('fails', []);
  await place.client.workflow
    .getHandle(taskId)
    .result()
    .catch(() => undefined);
  const { events } = await place.client.workflow.getHandle(taskId).fetchHistory();
  const scheduled = (events ?? []).map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
  expect(scheduled.filter(Boolean)).toEqual(['beginTask', 'probeVideo', 'recordFailure']);
});

async function resend(taskId: string): Promise<void> {
  const [message] = await place.kept(taskId);
  const { id, revision, destination } = message!;
  await place.records.notifications.renew(id);
  const { moderation: workflowQueue, notifications: queue } = place.tasks.queues;
  const due = { id, revision, isUrgent: true };
  await startDelivery(place.client, { taskId, destination: destinationId(destination), due, workflowQueue, queue });
}
