import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { makeRevision, makeVerdict } from './make-records.js';
import { ANY, at, claimBy, queueFixture, state } from './queue-fixture.js';

/** What every engine of the queue must do about blind second readings; `open` answers a new empty database. */
export function queueQualityContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`quality readings in the queue of ${engine}`, () => {
    const { stores, setMinutes, addTask, idsOf, offerTo } = queueFixture(open);
    /** A task that ada has decided, up for another reading. */
    const addQuality = async (openedAt = at(0)) => {
      const taskId = await addTask({ tags: { house: 'yes' } }, { rate: 91, scenes: ['ad'] });
      const verdict = { ...makeVerdict('pass'), blockFrames: [] };
      await stores.records.appendRevision(makeRevision(taskId, { origin: 'person', decisionId: 'p', verdict }));
      await stores.queue.addQuality({ taskId, openedAt, readers: ['ada'] });
      return taskId;
    };

    test('an entry looks as the task did before anybody had decided it, with a deadline as if it had just come', async () => {
      const taskId = await addQuality(at(5));
      expect(await stores.queue.find(taskId)).toMatchObject({
        kind: 'quality',
        step: 'waiting',
        level: 'reviewer',
        claim: null,
        readers: ['ada'],
        scenes: ['ad'],
        severity: 91,
        tags: { house: 'yes' },
        openedAt: at(5),
        dueAt: at(5 + 7 * 24 * 60),
      });
      expect(await stores.queue.counts(null)).toMatchObject({ waiting: 1, byScene: { ad: 1 } });
      expect([await offerTo('ada'), await offerTo('bob')]).toEqual([null, taskId]);
    });

    test('one person has it, for as long as their lease, which may be asked for again and renewed', async () => {
      const taskId = await addQuality();
      const claim = claimBy('bob', 10);
      expect(await stores.queue.claimQuality(taskId, claim)).toEqual(claim);
      expect(await stores.queue.renew(taskId, claim.claimId, at(20))).toEqual({ ...claim, until: at(20) });
      expect(await stores.queue.claimQuality(taskId, claim)).toEqual({ ...claim, until: at(20) });
      expect(await stores.queue.claimQuality(taskId, claimBy('eve'))).toBeNull();
      expect(await stores.queue.claimQuality(taskId, { ...claim, reviewer: 'eve' })).toBeNull();
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'claimed', claim: { reviewer: 'bob' } });
      expect([await stores.queue.counts(null), await offerTo('eve')]).toMatchObject([{ waiting: 0, claimed: 1 }, null]);
      setMinutes(20);
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'waiting', claim: null });
      expect(await idsOf({ steps: ['waiting'] })).toEqual([taskId]);
      expect(await idsOf({ steps: ['claimed'] })).toEqual([]);
      expect(await stores.queue.counts(null)).toMatchObject({ waiting: 1, claimed: 0 });
      expect(await stores.queue.waitingSince(null, [at(1)])).toEqual([1]);
      expect(await stores.queue.renew(taskId, claim.claimId, at(40))).toBeNull();
      expect(await offerTo('eve')).toBe(taskId);
      const eves = claimBy('eve', 30);
      expect(await stores.queue.claimQuality(taskId, eves)).toEqual(eves);
      await stores.queue.releaseQuality(taskId, claim.claimId, 'read');
      expect(await stores.queue.claimOf(taskId)).toEqual(eves);
    });

    test('who has read the task gets it not even when they ask for it, and neither is there anything to claim elsewhere', async () => {
      const taskId = await addQuality();
      expect(await stores.queue.claimQuality(taskId, claimBy('ada'))).toBeNull();
      const waiting = await addTask();
      await stores.queue.put(state(waiting));
      expect(await stores.queue.claimQuality(waiting, claimBy('bob'))).toBeNull();
      expect(await stores.queue.claimQuality('nothing', claimBy('bob'))).toBeNull();
    });

    test('who has it may take it once more under another lease, and nobody while what they decided may be withdrawn', async () => {
      const taskId = await addQuality();
      const [first, again] = [claimBy('bob'), { ...claimBy('bob', 12), claimId: 'another tab' }];
      await stores.queue.claimQuality(taskId, first);
      expect(await stores.queue.claimQuality(taskId, again)).toEqual(again);
      expect(await stores.queue.holdQuality(taskId, first.claimId, at(20))).toBe(false);
      expect(await stores.queue.holdQuality(taskId, again.claimId, at(20))).toBe(true);
      expect(await stores.queue.holdQuality(taskId, again.claimId, at(20))).toBe(false);
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'held', claim: null });
      expect(await stores.queue.counts(null)).toMatchObject({ waiting: 0, claimed: 0 });
      expect([await stores.queue.claimQuality(taskId, claimBy('bob')), await offerTo('eve')]).toEqual([null, null]);
      expect(await stores.queue.renew(taskId, again.claimId, at(40))).toBeNull();
      setMinutes(20);
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'waiting', claim: null });
      expect(await offerTo('eve')).toBe(taskId);
    });

    test('what was given back waits again, and what was read is not put up again by who tells it twice', async () => {
      const taskId = await addQuality(at(3));
      const claim = claimBy('bob');
      await stores.queue.claimQuality(taskId, claim);
      await stores.queue.releaseQuality(taskId, claim.claimId, 'waiting');
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'waiting', claim: null });
      expect(await offerTo('eve')).toBe(taskId);
      await stores.queue.claimQuality(taskId, claim);
      await stores.queue.releaseQuality(taskId, claim.claimId, 'read');
      await stores.queue.addQuality({ taskId, openedAt: at(3), readers: ['ada'] });
      expect(await stores.queue.find(taskId)).toBeNull();
      await stores.queue.addQuality({ taskId, openedAt: at(4), readers: ['ada', 'bob'] });
      expect(await stores.queue.find(taskId)).toMatchObject({ readers: ['ada', 'bob'] });
    });

    test('its workflow neither takes it out nor is kept by it from showing an appeal', async () => {
      const taskId = await addQuality();
      await stores.queue.remove(taskId, 5);
      expect(await stores.queue.find(taskId)).toMatchObject({ kind: 'quality' });
      await stores.queue.put(state(taskId, { kind: 'appeal', sequence: 6, readers: ['ada'] }));
      expect(await stores.queue.find(taskId)).toMatchObject({ kind: 'appeal', claim: null });
      await stores.queue.addQuality({ taskId, openedAt: at(9), readers: [] });
      expect(await stores.queue.find(taskId)).toMatchObject({ kind: 'appeal', openedAt: at(0) });
    });

    test('one that nobody has read by its deadline is not there any more', async () => {
      const taskId = await addQuality();
      setMinutes(7 * 24 * 60);
      expect(await stores.queue.find(taskId)).toBeNull();
      expect(await stores.queue.page({ ...ANY, limit: 10 })).toEqual({ entries: [], next: null });
      expect(await stores.queue.counts(null)).toMatchObject({ waiting: 0, oldestOpenedAt: null });
      expect(await stores.queue.waitingSince(null, [at(1)])).toEqual([0]);
      expect(await offerTo('bob')).toBeNull();
    });
  });
}
