import { randomUUID } from 'node:crypto';
import type { TaskView } from '../../../src/schema/console/task.js';
import { submitReview } from '../../../src/temporal/reviews.js';
import type { Browser } from '../../support/browser.js';
import { joined } from '../../support/console.js';
import { openService, PROJECT, type TestService } from '../../support/service.js';
import { answered, decisionOf, queuedTask } from '../../support/waiting-task.js';

let service: TestService;
let [bob, cat]: Browser[] = [];

beforeAll(async () => {
  service = await openService();
  await service.installation.startWorkers();
  const place = { endpoint: service.endpoint, records: service.installation.records };
  [bob, cat] = [await joined(place, 'bob', 'reviewer', [PROJECT]), await joined(place, 'cat', 'lead', [PROJECT])];
});
afterAll(() => service.close());

/** A task that nobody has decided, or one that ann has and that others read again. */
async function waiting(kind: 'first' | 'second', reading: 'one' | 'two' = 'one'): Promise<string> {
  const { installation } = service;
  const qualityShare = kind === 'first' ? 0 : 1;
  const taskId = await queuedTask(installation, { qualityShare, reading }, { projectName: PROJECT });
  if (kind === 'first') return taskId;
  for (const reviewer of reading === 'one' ? ['ann'] : ['ann', 'abe'])
    await answered(() => submitReview(installation.tasks, taskId, decisionOf(reviewer, 'pass')));
  await installation.client.workflow.getHandle(taskId).result();
  return taskId;
}

/** The same request again while nobody has answered it yet. */
async function asked(
  who: Browser,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  for (;;) {
    const answer = await who.ask('POST', path, { body });
    if (answer.body['outcome'] !== 'pending' && answer.status !== 503) return answer;
  }
}

const decision = (suggestion: 'pass' | 'block', more: Record<string, unknown> = {}) => ({
  ...{ decisionId: randomUUID(), suggestion, reason: null, reasonCode: null },
  ...more,
});

/** All that bob and cat are answered about a task, less ids and times. */
async function read(taskId: string, reading: 'one' | 'two'): Promise<unknown[]> {
  const told: unknown[] = [];
  const ask = async (who: Browser, action: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await asked(who, `/tasks/${taskId}/${action}`, body);
    const { claimId, until, ...rest } = answer.body;
    told.push([action, answer.status, rest]);
    return { claimId, until };
  };
  const look = async (): Promise<void> => {
    for (const who of [bob!, cat!]) {
      const { review, may, history } = (await who.ask('GET', `/tasks/${taskId}`)).body as unknown as TaskView;
      const { step, rule, claim, readers } = review;
      const row = ((await who.ask('GET', '/queue')).body['rows'] as Record<string, unknown>[]).find(
        (each) => each['taskId'] === taskId,
      );
      told.push({ step, rule, reviewer: claim?.reviewer, readers, may });
      told.push([row?.['step'], row?.['mayTake'], history.map(({ text, actor }) => `${text} ${actor}`).sort()]);
    }
  };
  const other = { decisionId: randomUUID() };
  await look();
  await ask(bob!, 'release', { claimId: 'none' });
  const first = await ask(bob!, 'claim');
  await ask(cat!, 'claim');
  const { claimId } = await ask(bob!, 'claim');
  await ask(bob!, 'renew', { claimId: first['claimId'] });
  await ask(cat!, 'release', { claimId });
  await ask(bob!, 'decide', decision('pass', { claimId: first['claimId'] }));
  await look();
  const held = decision('pass', { claimId, undoMs: 60_000 });
  await ask(bob!, 'decide', held);
  await look();
  await ask(bob!, 'decide', held);
  await ask(bob!, 'decide', decision('block', { claimId, undoMs: 60_000 }));
  await ask(bob!, 'decide', decision('block'));
  await ask(cat!, 'decide', decision('block'));
  await ask(bob!, 'claim');
  await ask(cat!, 'claim');
  await ask(bob!, 'renew', { claimId });
  await ask(bob!, 'escalate', { escalationId: randomUUID(), reason: null });
  await ask(cat!, 'withdraw', { decisionId: held.decisionId });
  await ask(bob!, 'withdraw', other);
  await ask(bob!, 'withdraw', { decisionId: held.decisionId });
  await look();
  await ask(bob!, 'withdraw', { decisionId: held.decisionId });
  await ask(bob!, 'decide', decision('block', { claimId, reasonCode: 'bored' }));
  const last = decision('block', { claimId });
  await ask(bob!, 'decide', last);
  if (reading === 'one') await ask(bob!, 'withdraw', { decisionId: last.decisionId });
  return told;
}

test.each(['one', 'two'] as const)(
  'nobody can tell a second reading from a first one, where %s must read',
  async (reading) => {
    const [first, second] = [await waiting('first', reading), await waiting('second', reading)];
    expect(await read(second, reading)).toEqual(await read(first, reading));
  },
);

test('of two decisions that contradict each other one is kept, although both are sent at once', async () => {
  for (const undoMs of [0, 60_000]) {
    const taskId = await waiting('second');
    const { claimId } = (await asked(bob!, `/tasks/${taskId}/claim`)).body;
    const both = [decision('pass', { claimId, undoMs }), decision('block', { claimId, undoMs })];
    const answers = await Promise.all(both.map((body) => asked(bob!, `/tasks/${taskId}/decide`, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { readings } = service.installation.records;
    const kept = (await readings.ofTask(taskId)).filter(({ kind }) => kind === 'quality');
    expect(kept).toHaveLength(undoMs === 0 ? 1 : 0);
  }
});
