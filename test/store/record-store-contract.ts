import { randomUUID } from 'node:crypto';
import type { Origin } from '../../src/schema/verdict.js';
import {
  InvalidInstantError,
  type RecordStore,
  SupersedesPersonError,
  TaskNotFoundError,
} from '../../src/store/records.js';
import { digestOf, makeCheckpoint, makeRequest, makeRevision, makeVerdict, PROBED } from './make-records.js';
import { attemptContract } from './attempt-contract.js';
import { findingContract } from './finding-contract.js';
import { purgeContract } from './purge-contract.js';
import { collected } from './purging.js';
import { queryContract } from './query-contract.js';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-01T00:01:00.000Z';
const SUCCEEDED = { status: 'Succeeded', code: '', message: '', endTime: END } as const;

const newTaskId = () => `VideoModeration-${randomUUID()}`;

/** What every engine of the record store must do; `open` answers a new empty one. */
export function recordStoreContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`records in ${engine}`, () => {
    let records: RecordStore;
    /** Inserts a task and answers its id. */
    const addTask = async (startTime = START) => {
      const taskId = newTaskId();
      await records.createTask(makeRequest(taskId), startTime);
      return taskId;
    };

    beforeEach(async () => {
      records = await open();
    });
    afterEach(async () => {
      await records.close();
    });

    test('a task is found as it was requested, running, with nothing probed', async () => {
      const request = makeRequest(newTaskId());
      await records.createTask(request, START);
      expect(await records.findTask(request.taskId)).toStrictEqual({
        request,
        status: 'Running',
        code: '',
        message: '',
        startTime: START,
        endTime: null,
        probed: null,
        plan: null,
      });
    });

    test('a task that is not there is found as null', async () => {
      expect(await records.findTask(newTaskId())).toBeNull();
    });

    test('creating a task again changes nothing of it', async () => {
      const taskId = await addTask();
      await records.endTask(taskId, SUCCEEDED);
      await records.createTask({ ...makeRequest(taskId), userData: 'other' }, '2027-01-01T00:00:00Z');
      expect(await records.findTask(taskId)).toMatchObject({ startTime: START, endTime: END, status: 'Succeeded' });
      expect((await records.findTask(taskId))?.request.userData).toBe(makeRequest(taskId).userData);
    });

    test('what the probe found and what is planned is kept with the task', async () => {
      const taskId = await addTask();
      const plan = { kind: 'grid', spacing: { num: 1, den: 1 }, count: 14 } as const;
      await records.recordPlan(taskId, PROBED, plan);
      await records.recordPlan(taskId, PROBED, plan);
      expect(await records.findTask(taskId)).toMatchObject({ probed: PROBED, plan });
    });

    test('the first end of a task counts', async () => {
      const taskId = await addTask();
      await records.endTask(taskId, { status: 'Failed', code: 'Cancelled', message: 'Somebody did.', endTime: END });
      await records.endTask(taskId, { ...SUCCEEDED, endTime: '2026-02-02T00:00:00.000Z' });
      expect(await records.findTask(taskId)).toMatchObject({
        status: 'Failed',
        code: 'Cancelled',
        message: 'Somebody did.',
        endTime: END,
      });
    });

    test('tasks are listed newest first, by the instant and not by its spelling, up to the limit', async () => {
      const half = await addTask('2026-01-01T00:00:00.5Z');
      const whole = await addTask('2026-01-01T00:00:00Z');
      const east = await addTask('2026-01-01T02:00:00.250+02:00');
      const old = await addTask('2025-12-31T23:59:59.999Z');
      const idsOf = async (limit: number) => (await records.listTasks({ limit })).map(({ request }) => request.taskId);
      expect(await idsOf(10)).toEqual([half, east, whole, old]);
      expect(await idsOf(2)).toEqual([half, east]);
    });

    test('tasks are listed by status', async () => {
      const running = await addTask();
      const ended = await addTask();
      await records.endTask(ended, SUCCEEDED);
      const listed = await records.listTasks({ status: 'Running', limit: 10 });
      expect(listed.map(({ request }) => request.taskId)).toEqual([running]);
    });

    test('a time that is no instant is refused', async () => {
      await expect(records.createTask(makeRequest(newTaskId()), 'yesterday')).rejects.toThrow(InvalidInstantError);
      await expect(collected(records.endedBefore('soon'))).rejects.toThrow(InvalidInstantError);
      await expect(records.notifications.purgeBefore('soon')).rejects.toThrow(InvalidInstantError);
    });

    test('revisions are numbered from 1 and kept in order', async () => {
      const taskId = await addTask();
      expect(await records.latestRevision(taskId)).toBeNull();
      const first = await records.appendRevision(makeRevision(taskId));
      const decided = makeRevision(taskId, {
        origin: 'person',
        verdict: makeVerdict('block'),
        decisionId: 'd-1',
        reviewer: 'ada',
        reason: 'Seen it.',
      });
      const second = await records.appendRevision(decided);
      expect([first.revision, second.revision]).toEqual([1, 2]);
      expect({ ...(await records.latestRevision(taskId)), taskId }).toStrictEqual({ ...decided, revision: 2 });
      expect(await records.revisions(taskId)).toStrictEqual([first, second]);
    });

    test('a task is found with its latest revision, or with none', async () => {
      const taskId = await addTask();
      expect(await records.findResult('nobody')).toBeNull();
      expect(await records.findResult(taskId)).toStrictEqual({ task: await records.findTask(taskId), revision: null });
      await records.appendRevision(makeRevision(taskId));
      const latest = await records.appendRevision(makeRevision(taskId, { origin: 'person', decisionId: 'second' }));
      await records.endTask(taskId, SUCCEEDED);
      const task = await records.findTask(taskId);
      expect(await records.findResult(taskId)).toStrictEqual({ task, revision: latest });
      expect(latest.revision).toBe(2);
    });

    test('a decision delivered twice is recorded once, also when others came between', async () => {
      const taskId = await addTask();
      const first = await records.appendRevision(makeRevision(taskId));
      await records.appendRevision(makeRevision(taskId, { origin: 'person', decisionId: 'd-1' }));
      const again = await records.appendRevision(makeRevision(taskId, { recordedAt: '2026-05-05T00:00:00.000Z' }));
      expect(again).toStrictEqual(first);
      expect(await records.revisions(taskId)).toHaveLength(2);
    });

    test('a sign that no database keeps is replaced, and the rest of the text stays', async () => {
      const taskId = await addTask();
      const written = { reviewer: 'a\0da', reason: 'Se\0en.', decisionId: 'd\0-1' };
      const kept = { reviewer: 'a\uFFFDda', reason: 'Se\uFFFDen.', decisionId: 'd\uFFFD-1' };
      for (let n = 0; n < 2; n++) await records.appendRevision(makeRevision(taskId, written));
      expect(await records.revisions(taskId)).toMatchObject([kept]);
      await records.endTask(taskId, { ...SUCCEEDED, message: 'No\0 way.' });
      expect(await records.findTask(taskId)).toMatchObject({ message: 'No\uFFFD way.' });
    });

    test('decisions with one id about two tasks are two decisions', async () => {
      const [one, two] = [await addTask(), await addTask()];
      await records.appendRevision(makeRevision(one));
      expect((await records.appendRevision(makeRevision(two))).revision).toBe(1);
      expect(await records.revisions(one)).toHaveLength(1);
    });

    test('revisions appended at the same time all get numbers of their own', async () => {
      const taskId = await addTask();
      const ids = Array.from({ length: 20 }, (_, index) => `d-${index}`);
      await Promise.all(ids.map((decisionId) => records.appendRevision(makeRevision(taskId, { decisionId }))));
      const revisions = await records.revisions(taskId);
      expect(revisions.map(({ revision }) => revision)).toEqual(ids.map((_, index) => index + 1));
      expect(new Set(revisions.map(({ decisionId }) => decisionId)).size).toBe(20);
    });

    const notByPerson: Origin[] = ['machine', 'policy', 'deadline'];
    const byPerson: Origin[] = ['person', 'appeal'];
    test.each(byPerson.flatMap((earlier) => notByPerson.map((later) => [later, earlier] as const)))(
      'a revision of origin %s is refused after one of origin %s',
      async (later, earlier) => {
        const taskId = await addTask();
        await records.appendRevision(makeRevision(taskId));
        await records.appendRevision(makeRevision(taskId, { origin: earlier, decisionId: 'by-person' }));
        const refused = records.appendRevision(makeRevision(taskId, { origin: later, decisionId: 'later' }));
        await expect(refused).rejects.toThrow(SupersedesPersonError);
        await expect(refused).rejects.toMatchObject({ taskId, origin: later, revision: 2 });
        expect(await records.revisions(taskId)).toHaveLength(2);
      },
    );

    test.each(byPerson.flatMap((earlier) => byPerson.map((later) => [later, earlier] as const)))(
      'a revision of origin %s follows one of origin %s',
      async (later, earlier) => {
        const taskId = await addTask();
        await records.appendRevision(makeRevision(taskId, { origin: earlier, decisionId: 'one' }));
        const { revision } = await records.appendRevision(makeRevision(taskId, { origin: later, decisionId: 'two' }));
        expect(revision).toBe(2);
      },
    );

    test('a later policy supersedes a machine, a policy and a deadline', async () => {
      const taskId = await addTask();
      for (const [index, origin] of notByPerson.entries()) {
        await records.appendRevision(makeRevision(taskId, { origin, decisionId: `d-${index}` }));
      }
      expect((await records.latestRevision(taskId))?.revision).toBe(3);
    });

    test('what belongs to a task that is not there is refused', async () => {
      const [taskId, plan] = [newTaskId(), { kind: 'keyframe' as const, pts: [0], count: 1 }];
      const writes = [
        () => records.recordPlan(taskId, PROBED, plan),
        () => records.endTask(taskId, SUCCEEDED),
        () => records.appendRevision(makeRevision(taskId)),
        () => records.recordObservations(taskId, 0, [{ from: 0, to: 1, digest: digestOf('a') }]),
        () => records.recordAttempt({ taskId, segment: 0, attempt: 1, from: 0, to: 1 }, makeCheckpoint(1)),
        () => records.recordEvidence(taskId, []),
      ];
      for (const write of writes) await expect(write()).rejects.toThrow(TaskNotFoundError);
    });
  });

  attemptContract(engine, open);
  findingContract(engine, open);
  purgeContract(engine, open);
  queryContract(engine, open);
}
