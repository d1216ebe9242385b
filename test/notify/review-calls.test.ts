import { eventually } from '../support/cli.js';
import { contentOf, newSecret, startReceiver, verified, type Receiver } from '../support/receiver.js';
import { eventsOf, untilReview, waitingTask } from '../support/waiting-task.js';
import { openDelivering, topic, type Delivering } from './delivering.js';

const SECRET = newSecret();
const REMINDER = 'framewarden:Review:Reminder';
const ESCALATED = 'framewarden:Review:Escalated';

let installation: Delivering;
let receiver: Receiver;
beforeAll(async () => {
  [installation, receiver] = await Promise.all([openDelivering(), startReceiver()]);
  installation.topics({ name: 'team', url: receiver.url, secrets: [SECRET] });
  await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
  await receiver.close();
});

/** The plan of a project whose reviewers are told, and nobody else. */
const notify = () => ({
  ...{ requestId: 'R', region: 'local', accountId: '42', destinations: [], reviewers: [topic('team')] },
  queue: installation.tasks.queues.notifications,
});

/** What the reviewers were told of a task, in its order. */
const toldOf = (taskId: string) =>
  receiver.delivered().flatMap((each) => {
    const content = contentOf(each);
    return content['TaskId'] === taskId ? [{ ...content, type: verified(each, SECRET)['type'] }] : [];
  });

test('reviewers are reminded of what waits, and leads told of what is left to them, also by a receiver that fails first', async () => {
  receiver.next(503);
  const taskId = await waitingTask(installation, { remind: '1s', escalate: '4s' }, { notify: notify() });
  await eventually(() => toldOf(taskId).length >= 2, 'two messages to the reviewers');
  const { openedAt, dueAt } = await untilReview(installation, taskId, ({ level }) => level === 'lead');
  const told = { TaskId: taskId, Suggestion: 'review', Categories: ['porn'] };
  const review = { WaitingSince: openedAt, DueAt: dueAt };
  const [first, second] = toldOf(taskId).sort((a, b) => (a.type === b.type ? 0 : a.type === REMINDER ? -1 : 1));
  expect(first).toMatchObject({ ...told, type: REMINDER, Review: { ...review, Call: 'reminder', Level: 'reviewer' } });
  expect(second).toMatchObject({ ...told, type: ESCALATED, Review: { ...review, Call: 'escalated', Level: 'lead' } });
  expect(receiver.received.filter(({ behaviour }) => behaviour === 503)).toHaveLength(1);
  expect(await eventsOf(installation, taskId)).toEqual(['task-reminded', 'task-escalated']);
});
