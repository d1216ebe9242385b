import { randomUUID } from 'node:crypto';
import type { Claim, ReviewLevel } from '../../src/schema/review.js';
import type { Scene } from '../../src/schema/scene.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { type RecordStore, TaskNotFoundError } from '../../src/store/records.js';
import type { NewQueueState, QueueQuery, ReviewQueue } from '../../src/store/review-queue.js';
import { createRecordStore } from '../../src/store/sql/record-store.js';
import { reviewQueue } from '../../src/store/sql/review-queue.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { makeRequest, makeRevision, makeVerdict } from './make-records.js';

const START_MS = Date.UTC(2026, 0, 1);
/** An instant so many minutes after the beginning of these tests. */
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();
const ANY = { projects: null, order: 'deadline' } as const satisfies Partial<QueueQuery>;
const claimBy = (reviewer: string, untilMinutes = 10): Claim => ({
  claimId: `${reviewer}'s`,
  reviewer,
  until: at(untilMinutes),
});

/** What every engine of the queue must do; `open` answers a new empty database. */
export function reviewQueueContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`the review queue in ${engine}`, () => {
    let records: RecordStore;
    let queue: ReviewQueue;
    let minutes: number;
    beforeEach(async () => {
      const { db, close } = await open();
      minutes = 0;
      records = createRecordStore(db, close);
      queue = reviewQueue(db, () => Date.parse(at(minutes)));
    });
    afterEach(async () => {
      await records.close();
    });

    /** A task with a machine's verdict. */
    const addTask = async (given: Partial<TaskRequest> = {}, verdict: { rate?: number; scenes?: Scene[] } = {}) => {
      const { rate = 50, scenes = ['porn'] } = verdict;
      const taskId = given.taskId ?? `VideoModeration-${randomUUID()}`;
      await records.createTask(makeRequest(taskId, given), at(0));
      const found = makeVerdict('review');
      const blockFrames = found.blockFrames.map((frame) => ({ ...frame, rate }));
      await records.appendRevision(makeRevision(taskId, { verdict: { ...found, categories: scenes, blockFrames } }));
      return taskId;
    };
    const state = (taskId: string, given: Partial<NewQueueState> = {}): NewQueueState => ({
      taskId,
      kind: 'review',
      step: 'waiting',
      level: 'reviewer',
      claim: null,
      readers: [],
      openedAt: at(0),
      dueAt: at(60),
      sequence: 1,
      ...given,
    });
    /** A task that waits. */
    const addWaiting = async (
      given: Partial<NewQueueState> = {},
      request: Partial<TaskRequest> = {},
      verdict: { rate?: number; scenes?: Scene[] } = {},
    ) => {
      const taskId = await addTask(request, verdict);
      await queue.put(state(taskId, given));
      return taskId;
    };
    const idsOf = async (query: Partial<QueueQuery>) =>
      (await queue.page({ ...ANY, limit: 100, ...query })).entries.map(({ taskId }) => taskId);
    const offerTo = async (reviewer: string, query: Partial<QueueQuery> = {}, level: ReviewLevel = 'reviewer') =>
      (await queue.offer({ ...ANY, ...query }, { reviewer, level, forMs: 30_000 }))?.taskId ?? null;

    test('an entry shows what its record and latest verdict say, and its state', async () => {
      const tags = { house: 'yes', 'näme with space': '值' };
      const taskId = await addTask({ tags, projectName: 'mine' }, { rate: 87.123456, scenes: ['porn', 'ad'] });
      const claim = claimBy('ada');
      await queue.put(state(taskId, { step: 'claimed', level: 'lead', claim, readers: ['bob'], dueAt: null }));
      const entry = {
        taskId,
        kind: 'review',
        project: 'mine',
        taskType: 'VideoModeration',
        uri: makeRequest(taskId).source.uri,
        scenes: ['porn', 'ad'],
        severity: 87.123456,
        tags,
        step: 'claimed',
        level: 'lead',
        claim,
        readers: ['bob'],
        openedAt: at(0),
        dueAt: null,
      };
      expect(await queue.find(taskId)).toStrictEqual(entry);
      expect(await queue.page({ ...ANY, limit: 1 })).toStrictEqual({ entries: [entry], next: null });
      await records.appendRevision(
        makeRevision(taskId, {
          origin: 'person',
          decisionId: 'p',
          verdict: { ...makeVerdict('pass'), blockFrames: [] },
        }),
      );
      await queue.put(state(taskId, { kind: 'appeal', sequence: 2 }));
      expect(await queue.find(taskId)).toMatchObject({ kind: 'appeal', scenes: [], severity: 0, claim: null });
    });

    test('a state that comes late or twice replaces none that is later, also when it was taken out since', async () => {
      const taskId = await addWaiting({ sequence: 4 });
      await queue.put(state(taskId, { sequence: 3, level: 'lead' }));
      await queue.put(state(taskId, { sequence: 4, level: 'lead' }));
      expect(await queue.find(taskId)).toMatchObject({ level: 'reviewer' });
      await queue.remove(taskId, 3);
      expect(await queue.find(taskId)).not.toBeNull();
      await queue.remove(taskId, 5);
      await queue.put(state(taskId, { sequence: 5 }));
      expect(await queue.find(taskId)).toBeNull();
      await queue.put(state(taskId, { sequence: 6 }));
      await queue.remove(taskId, 6);
      expect(await queue.find(taskId)).toBeNull();
      await queue.put(state(taskId, { sequence: 7 }));
      expect(await queue.find(taskId)).not.toBeNull();
    });

    test('an entry goes with its task, and of a task that is not there none comes', async () => {
      const taskId = await addWaiting();
      await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: at(1) });
      await records.purgeEndedBefore(at(2));
      expect(await queue.find(taskId)).toBeNull();
      await queue.remove(taskId, 2);
      await expect(queue.put(state(taskId, { sequence: 3 }))).rejects.toThrow(TaskNotFoundError);
      const quality = queue.addQuality({ taskId, openedAt: at(3), readers: [] });
      await expect(quality).rejects.toThrow(TaskNotFoundError);
    });

    test('entries come by deadline, severity or age, in pages without one missing or twice', async () => {
      const [none, late, soon] = [
        await addWaiting({ dueAt: null, openedAt: at(2) }, {}, { rate: 70 }),
        await addWaiting({ dueAt: at(90), openedAt: at(3) }, {}, { rate: 99.5 }),
        await addWaiting({ dueAt: at(30), openedAt: at(1) }, {}, { rate: 70 }),
      ];
      for (const [order, ids] of [
        ['deadline', [soon, late, none]],
        ['severity', [late, soon, none]],
        ['age', [soon, none, late]],
      ] as const) {
        expect(await idsOf({ order })).toEqual(ids);
        const paged: string[] = [];
        let after: string | undefined;
        do {
          const page = await queue.page({ ...ANY, order, limit: 1, ...(after !== undefined && { after }) });
          paged.push(...page.entries.map(({ taskId }) => taskId));
          after = page.next ?? undefined;
        } while (after !== undefined);
        expect(paged).toEqual(ids);
      }
    });

    test('a page that is asked for by no page before it, or with no size, is refused', async () => {
      for (let n = 0; n < 2; n++) await addWaiting();
      const { next } = await queue.page({ ...ANY, order: 'age', limit: 1 });
      for (const query of [{ after: next! }, { after: 'bm8' }, { after: '' }, { limit: 0 }, { limit: 201 }])
        await expect(queue.page({ ...ANY, limit: 10, ...query })).rejects.toThrow(/^Expected the (after|limit) of a/);
    });

    test('entries are chosen by project, scene, kind, step, level, age, severity and tag', async () => {
      const one = await addWaiting(
        { openedAt: at(-60), level: 'lead' },
        { projectName: 'a', tags: { house: 'yes' } },
        { rate: 90, scenes: ['ad', 'logo'] },
      );
      const two = await addWaiting(
        { step: 'claimed', claim: claimBy('ada'), kind: 'appeal' },
        { projectName: 'b', tags: { house: 'YES', yes: 'house' } },
        { rate: 30, scenes: ['porn'] },
      );
      const found: [Partial<QueueQuery>, string[]][] = [
        [{ projects: ['a'] }, [one]],
        [{ projects: ['a', 'b'] }, [one, two]],
        [{ projects: ['a', 'c'] }, [one]],
        [{ projects: [] }, []],
        [{ scenes: ['ad', 'live'] }, [one]],
        [{ scenes: ['live'] }, []],
        [{ kinds: ['appeal', 'quality'] }, [two]],
        [{ steps: ['waiting', 'held'] }, [one]],
        [{ level: 'reviewer' }, [two]],
        [{ openedBefore: at(-30) }, [one]],
        [{ minSeverity: 30 }, [one, two]],
        [{ minSeverity: 30.5 }, [one]],
        [{ tag: ['house', 'yes'] }, [one]],
        [{ tag: ['house', 'no'] }, []],
      ];
      for (const [query, ids] of found) expect([query, new Set(await idsOf(query))]).toEqual([query, new Set(ids)]);
    });

    test('what waits is counted by project, scene and level, with since when', async () => {
      await addWaiting({ openedAt: at(-5) }, { projectName: 'a' }, { scenes: ['ad', 'porn'] });
      await addWaiting({ level: 'lead' }, { projectName: 'a' });
      await addWaiting({ step: 'claimed', claim: claimBy('ada'), openedAt: at(-9) }, { projectName: 'b' });
      await addWaiting({ step: 'held' }, { projectName: 'b' });
      expect(await queue.counts(null)).toStrictEqual({
        waiting: 2,
        claimed: 1,
        escalated: 1,
        byScene: { porn: 2, ad: 1 },
        byProject: { a: 2 },
        oldestOpenedAt: at(-5),
      });
      const none = { waiting: 0, escalated: 0, byScene: {}, byProject: {}, oldestOpenedAt: null };
      expect(await queue.counts(['b'])).toStrictEqual({ ...none, claimed: 1 });
      expect(await queue.counts([])).toStrictEqual({ ...none, claimed: 0 });
    });

    test('twenty who ask at once are offered twenty different entries, the most urgent ones, and nobody is offered them until that is over', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 22; n++) ids.push(await addWaiting({ dueAt: at(n) }));
      const offered = await Promise.all(ids.slice(0, 20).map((_, n) => offerTo(`reviewer ${n}`)));
      expect(offered.toSorted()).toEqual(ids.slice(0, 20).toSorted());
      expect([await offerTo('late'), await offerTo('later'), await offerTo('too late')]).toEqual([
        ids[20],
        ids[21],
        null,
      ]);
      expect(await queue.find(ids[0]!)).toMatchObject({ step: 'waiting', claim: null });
      minutes = 0.6;
      expect(await offerTo('late')).toBe(ids[0]);
    });

    test('nobody is offered what they have read, what is for leads, what somebody has, or what is not asked for', async () => {
      const read = await addWaiting({ readers: ['ada'] });
      const escalated = await addWaiting({ level: 'lead', dueAt: at(70) });
      await addWaiting({ step: 'claimed', claim: claimBy('bob'), dueAt: at(1) });
      await addWaiting({ step: 'held', dueAt: at(1) });
      expect(await offerTo('ada')).toBeNull();
      expect(await offerTo('ada', {}, 'lead')).toBe(escalated);
      expect(await offerTo('Ada', { projects: ['other'] })).toBeNull();
      expect(await offerTo('Ada', { projects: [] })).toBeNull();
      expect(await offerTo('Ada', { scenes: ['ad'] })).toBeNull();
      expect(await offerTo('Ada')).toBe(read);
    });

    test('an entry that was offered and comes back to wait is offered again at once', async () => {
      const taskId = await addWaiting();
      expect(await offerTo('ada')).toBe(taskId);
      await queue.put(state(taskId, { step: 'claimed', claim: claimBy('ada'), sequence: 2 }));
      minutes = 5;
      expect(await offerTo('bob')).toBeNull();
      await queue.put(state(taskId, { sequence: 3 }));
      expect(await offerTo('bob')).toBe(taskId);
    });

    test('a lease is lengthened for who holds it, never shortened, and no late state takes that back', async () => {
      const claim = claimBy('ada', 10);
      const taskId = await addWaiting({ step: 'claimed', claim });
      expect(await queue.renew(taskId, claim.claimId, at(20))).toEqual({ ...claim, until: at(20) });
      expect(await queue.renew(taskId, claim.claimId, at(15))).toEqual({ ...claim, until: at(20) });
      expect(await queue.renew(taskId, "bob's", at(30))).toBeNull();
      await queue.put(state(taskId, { step: 'claimed', claim, level: 'lead', sequence: 2 }));
      expect(await queue.claimOf(taskId)).toEqual({ ...claim, until: at(20) });
      // Over by the clock, but its workflow has not said so.
      minutes = 21;
      expect(await queue.find(taskId)).toMatchObject({ step: 'claimed', level: 'lead' });
      expect(await queue.renew(taskId, claim.claimId, at(40))).toEqual({ ...claim, until: at(40) });
      await queue.put(state(taskId, { sequence: 3 }));
      expect(await queue.renew(taskId, claim.claimId, at(50))).toBeNull();
      expect(await queue.claimOf(taskId)).toBeNull();
      expect(await queue.renew('nothing', claim.claimId, at(50))).toBeNull();
    });
  });
}
