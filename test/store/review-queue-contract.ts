import { TaskNotFoundError } from '../../src/store/records.js';
import type { QueueQuery } from '../../src/store/review-queue.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { makeRequest, makeRevision, makeVerdict } from './make-records.js';
import { ANY, at, claimBy, queueFixture, state } from './queue-fixture.js';
import { purgeTasks } from './purging.js';

/** What every engine of the queue must do; `open` answers a new empty database. */
export function reviewQueueContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`the review queue in ${engine}`, () => {
    const { stores, addTask, addWaiting, idsOf } = queueFixture(open);

    test('an entry shows what its record and latest verdict say, and its state', async () => {
      const tags = { house: 'yes', 'näme with space': '值' };
      const taskId = await addTask({ tags, projectName: 'mine' }, { rate: 87.123456, scenes: ['porn', 'ad'] });
      const claim = claimBy('ada');
      await stores.queue.put(state(taskId, { step: 'claimed', level: 'lead', claim, readers: ['bob'], dueAt: null }));
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
      expect(await stores.queue.find(taskId)).toStrictEqual(entry);
      expect(await stores.queue.page({ ...ANY, limit: 1 })).toStrictEqual({ entries: [entry], next: null });
      await stores.records.appendRevision(
        makeRevision(taskId, {
          origin: 'person',
          decisionId: 'p',
          verdict: { ...makeVerdict('pass'), blockFrames: [] },
        }),
      );
      await stores.queue.put(state(taskId, { kind: 'appeal', sequence: 2 }));
      expect(await stores.queue.find(taskId)).toMatchObject({ kind: 'appeal', scenes: [], severity: 0, claim: null });
    });

    test('what whoever reads a task next is told goes with its state; where no frame is at fault, the most that was found is its severity', async () => {
      const taskId = await addTask();
      const found = {
        scene: 'porn',
        detector: 'nsfwjs',
        class: 'nude',
        sample: 1,
        samples: 1,
        startS: 1,
        endS: 1,
      } as const;
      const verdict = {
        ...makeVerdict('pass'),
        blockFrames: [],
        findings: [
          { ...found, score: 0.4 },
          { ...found, score: 0.96 },
        ],
      };
      await stores.records.appendRevision(makeRevision(taskId, { origin: 'policy', decisionId: 'p', verdict }));
      const notes = [{ kind: 'appeal', by: 'üploader', reason: 'It is a parrot.' } as const];
      await stores.queue.put(state(taskId, { kind: 'appeal', notes }));
      expect(await stores.queue.find(taskId)).toMatchObject({ notes, severity: 96 });
      await stores.queue.put(state(taskId, { sequence: 2 }));
      expect(await stores.queue.find(taskId)).not.toHaveProperty('notes');
    });

    test('a state that comes late or twice replaces none that is later, also when it was taken out since', async () => {
      const taskId = await addWaiting({ sequence: 4 });
      await stores.queue.put(state(taskId, { sequence: 3, level: 'lead' }));
      await stores.queue.put(state(taskId, { sequence: 4, level: 'lead' }));
      expect(await stores.queue.find(taskId)).toMatchObject({ level: 'reviewer' });
      await stores.queue.remove(taskId, 3);
      expect(await stores.queue.find(taskId)).not.toBeNull();
      await stores.queue.remove(taskId, 5);
      await stores.queue.put(state(taskId, { sequence: 5 }));
      expect(await stores.queue.find(taskId)).toBeNull();
      await stores.queue.put(state(taskId, { sequence: 6 }));
      await stores.queue.remove(taskId, 6);
      expect(await stores.queue.find(taskId)).toBeNull();
      await stores.queue.put(state(taskId, { sequence: 7 }));
      expect(await stores.queue.find(taskId)).not.toBeNull();
    });

    test('an entry goes with its task, and of a task that is not there none comes', async () => {
      const taskId = await addWaiting();
      await stores.records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: at(1) });
      await purgeTasks(stores.records, at(2));
      expect(await stores.queue.find(taskId)).toBeNull();
      await stores.queue.remove(taskId, 2);
      await expect(stores.queue.put(state(taskId, { sequence: 3 }))).rejects.toThrow(TaskNotFoundError);
      const quality = stores.queue.addQuality({ taskId, openedAt: at(3), readers: [] });
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
          const page = await stores.queue.page({ ...ANY, order, limit: 1, ...(after !== undefined && { after }) });
          paged.push(...page.entries.map(({ taskId }) => taskId));
          after = page.next ?? undefined;
        } while (after !== undefined);
        expect(paged).toEqual(ids);
      }
    });

    test('a page that is asked for by no page before it, or with no size, is refused', async () => {
      for (let n = 0; n < 2; n++) await addWaiting();
      const { next } = await stores.queue.page({ ...ANY, order: 'age', limit: 1 });
      for (const query of [{ after: next! }, { after: 'bm8' }, { after: '' }, { limit: 0 }, { limit: 201 }])
        await expect(stores.queue.page({ ...ANY, limit: 10, ...query })).rejects.toThrow(
          /^Expected the (after|limit) of a/,
        );
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
      expect(await stores.queue.counts(null)).toStrictEqual({
        waiting: 2,
        claimed: 1,
        escalated: 1,
        byScene: { porn: 2, ad: 1 },
        byProject: { a: 2 },
        byLevel: { reviewer: 1, lead: 1 },
        oldestOpenedAt: at(-5),
      });
      const byLevel = { reviewer: 0, lead: 0 };
      const none = { waiting: 0, escalated: 0, byScene: {}, byProject: {}, byLevel, oldestOpenedAt: null };
      expect(await stores.queue.counts(['b'])).toStrictEqual({ ...none, claimed: 1 });
      expect(await stores.queue.counts([])).toStrictEqual({ ...none, claimed: 0 });
      const instants = [at(-5), at(-4), at(1)];
      expect(await stores.queue.waitingSince(null, instants)).toEqual([0, 1, 2]);
      expect(await stores.queue.waitingSince(['b'], instants)).toEqual([0, 0, 0]);
      expect(await stores.queue.waitingSince([], [at(1)])).toEqual([0]);
      expect(await stores.queue.waitingSince(null, [])).toEqual([]);
    });
  });
}
