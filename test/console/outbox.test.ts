import { createOutbox, outgoingId, type Outcome, type Outgoing } from '../../console/src/outbox.js';
import type { DecisionView } from '../../src/schema/console/queue.js';

class Down extends Error {}

const ACCEPTED = { outcome: 'accepted', revision: 2, suggestion: 'pass', step: 'decided' } as const;

/** A tab's storage, and a service that answers one thing after the other. */
function desk(answers: (DecisionView | Error)[], kept = new Map<string, string>()) {
  const sent: string[] = [];
  const told: [string, Outcome['state']][] = [];
  const waits: { ms: number; call: () => void }[] = [];
  const outbox = createOutbox({
    owner: 'mei',
    keep: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    send: async (entry) => {
      sent.push(outgoingId(entry));
      const answer = answers.shift() ?? new Down();
      if (answer instanceof Error) throw answer;
      return Promise.resolve(answer);
    },
    isTemporary: (error) => error instanceof Down,
    later: (ms, call) => void waits.push({ ms, call }),
    changed: (entry, outcome) => void told.push([outgoingId(entry), outcome.state]),
  });
  return { outbox, sent, told, waits, kept };
}

const decision = (decisionId: string): Outgoing => ({
  taskId: `task ${decisionId}`,
  name: `${decisionId}.mp4`,
  kind: 'decide',
  body: { decisionId, suggestion: 'pass', reason: null },
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a decision that is answered at once leaves nothing behind', async () => {
  const { outbox, told } = desk([ACCEPTED]);
  expect(await outbox.post(decision('1'))).toEqual({ state: 'answered', answer: ACCEPTED });
  expect([outbox.waiting(), told]).toEqual([[], [['1', 'answered']]]);
});

test('while nobody answers it is sent again under the same id, less and less often, until somebody does', async () => {
  const { outbox, sent, waits } = desk([new Down(), { outcome: 'pending' }, new Down(), ACCEPTED]);
  expect(await outbox.post(decision('1'))).toEqual({ state: 'pending' });
  for (let turn = 0; turn < 3; turn += 1) {
    expect(outbox.waiting()).toHaveLength(1);
    waits.at(-1)?.call();
    await settled();
  }
  expect(sent).toEqual(['1', '1', '1', '1']);
  expect(waits.map(({ ms }) => ms)).toEqual([1000, 2000, 4000]);
  expect(outbox.waiting()).toEqual([]);
});

test('a reload of the page loses none: the next page sends what the last one left', async () => {
  const before = desk([]);
  await before.outbox.post(decision('1'));
  await before.outbox.post(decision('2'));
  before.outbox.close();
  const after = desk([ACCEPTED, ACCEPTED], before.kept);
  expect(after.outbox.waiting().map(outgoingId)).toEqual(['1', '2']);
  after.outbox.resume();
  await settled();
  expect([after.sent, after.outbox.waiting()]).toEqual([['1', '2'], []]);
});

test('what somebody else left in the same window is not sent', () => {
  const kept = new Map([['framewarden.outbox.jonas', JSON.stringify([decision('1')])]]);
  const { outbox, sent } = desk([ACCEPTED], kept);
  outbox.resume();
  expect([sent, outbox.waiting()]).toEqual([[], []]);
});

test('a refusal is told and not repeated', async () => {
  const refusal = new Error('Somebody else holds it.');
  const { outbox, told, waits } = desk([refusal]);
  expect(await outbox.post(decision('1'))).toEqual({ state: 'refused', error: refusal });
  expect([outbox.waiting(), told, waits]).toEqual([[], [['1', 'refused']], []]);
});

test('whose session has ended sends nothing more by itself', async () => {
  const { outbox, sent, waits } = desk([new Down(), ACCEPTED]);
  await outbox.post(decision('1'));
  outbox.close();
  waits[0]?.call();
  await settled();
  expect([sent, outbox.waiting().map(outgoingId)]).toEqual([['1'], ['1']]);
});

test('storage that holds something else counts as empty', async () => {
  const kept = new Map([['framewarden.outbox.mei', '{"not": "ours"']]);
  const { outbox } = desk([ACCEPTED], kept);
  expect(outbox.waiting()).toEqual([]);
  expect((await outbox.post(decision('1'))).state).toBe('answered');
});
