import { Gatherer, type GatherSettings } from '../../../src/detectors/own-model/gather.js';

const { signal } = new AbortController();

/** A request that was sent, to be answered by the test. */
interface Sent {
  questions: readonly number[];
  signal: AbortSignal;
  answer: () => void;
  fail: (error: Error) => void;
}

let sent: Sent[];
function gathering(settings: GatherSettings): Gatherer<number, string> {
  sent = [];
  return new Gatherer<number, string>(
    settings,
    (questions, unwanted) =>
      new Promise((resolve, reject) => {
        sent.push({
          questions,
          signal: unwanted,
          answer: () => {
            resolve(questions.map((question) => `to ${question}`));
          },
          fail: reject,
        });
      }),
  );
}

/** Until something has come of what was asked. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('as many as fit share a request at once, the rest follows in order, and each gets its own answer', async () => {
  const gatherer = gathering({ batch: 2, gatherMs: 1, atOnce: 1 });
  const answers = [1, 2, 3].map((question) => gatherer.ask(question, signal));
  expect(sent.map(({ questions }) => questions)).toEqual([[1, 2]]);
  sent[0]?.answer();
  await until(() => sent.length === 2);
  expect(sent[1]?.questions).toEqual([3]);
  sent[1]?.answer();
  expect(await Promise.all(answers)).toEqual(['to 1', 'to 2', 'to 3']);
});

test('no more requests are under way than may be', async () => {
  const gatherer = gathering({ batch: 1, gatherMs: 0, atOnce: 2 });
  const answers = [1, 2, 3].map((question) => gatherer.ask(question, signal));
  await until(() => sent.length >= 2);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent).toHaveLength(2);
  sent[0]?.answer();
  await until(() => sent.length === 3);
  sent.forEach(({ answer }) => {
    answer();
  });
  await Promise.all(answers);
});

test('a failure is that of everyone in the request, and of nobody else', async () => {
  const gatherer = gathering({ batch: 2, gatherMs: 1, atOnce: 2 });
  const answers = [1, 2, 3].map((question) => gatherer.ask(question, signal));
  await until(() => sent.length === 2);
  sent[0]?.fail(new Error('broken'));
  sent[1]?.answer();
  const settled = await Promise.allSettled(answers);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('who leaves is not waited for, and a request that nobody waits for ends', async () => {
  const gatherer = gathering({ batch: 2, gatherMs: 1000, atOnce: 1 });
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [gatherer.ask(1, first.signal), gatherer.ask(2, second.signal)];
  const settled = Promise.allSettled(answers);
  first.abort(new Error('cancelled'));
  await expect(answers[0]).rejects.toThrow('cancelled');
  expect(sent[0]?.signal.aborted).toBe(false);
  second.abort(new Error('cancelled too'));
  expect(sent[0]?.signal.aborted).toBe(true);
  sent[0]?.fail(new Error('ended'));
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('who left before the request began is not in it', async () => {
  const gatherer = gathering({ batch: 2, gatherMs: 1000, atOnce: 1 });
  const leaving = new AbortController();
  const left = gatherer.ask(1, leaving.signal);
  leaving.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  const stayed = [gatherer.ask(2, signal), gatherer.ask(3, signal)];
  expect(sent.map(({ questions }) => questions)).toEqual([[2, 3]]);
  sent[0]?.answer();
  expect(await Promise.all(stayed)).toEqual(['to 2', 'to 3']);
});
