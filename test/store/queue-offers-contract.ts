import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { at, claimBy, queueFixture, state } from './queue-fixture.js';

/** What every engine of the queue must do about who gets what; `open` answers a new empty database. */
export function queueOffersContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`offers of the review queue in ${engine}`, () => {
    const { stores, setMinutes, addWaiting, offerTo } = queueFixture(open);

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
      expect(await stores.queue.find(ids[0]!)).toMatchObject({ step: 'waiting', claim: null });
      setMinutes(0.6);
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
      await stores.queue.put(state(taskId, { step: 'claimed', claim: claimBy('ada'), sequence: 2 }));
      setMinutes(5);
      expect(await offerTo('bob')).toBeNull();
      await stores.queue.put(state(taskId, { sequence: 3 }));
      expect(await offerTo('bob')).toBe(taskId);
    });

    test('a lease is lengthened for who holds it, never shortened, and no late state takes that back', async () => {
      const claim = claimBy('ada', 10);
      const taskId = await addWaiting({ step: 'claimed', claim });
      expect(await stores.queue.renew(taskId, claim.claimId, at(20))).toEqual({ ...claim, until: at(20) });
      expect(await stores.queue.renew(taskId, claim.claimId, at(15))).toEqual({ ...claim, until: at(20) });
      expect(await stores.queue.renew(taskId, "bob's", at(30))).toBeNull();
      await stores.queue.put(state(taskId, { step: 'claimed', claim, level: 'lead', sequence: 2 }));
      expect(await stores.queue.claimOf(taskId)).toEqual({ ...claim, until: at(20) });
      // Over by the clock, but its workflow has not said so.
      setMinutes(21);
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'claimed', level: 'lead' });
      expect(await stores.queue.renew(taskId, claim.claimId, at(40))).toEqual({ ...claim, until: at(40) });
      await stores.queue.put(state(taskId, { sequence: 3 }));
      expect(await stores.queue.renew(taskId, claim.claimId, at(50))).toBeNull();
      expect(await stores.queue.claimOf(taskId)).toBeNull();
      expect(await stores.queue.renew('nothing', claim.claimId, at(50))).toBeNull();
    });

    test('what somebody has whose lease is over is offered again once its workflow says nothing for two minutes', async () => {
      const claim = claimBy('ada', 10);
      const taskId = await addWaiting({ step: 'claimed', claim });
      await stores.queue.renew(taskId, claim.claimId, at(20));
      setMinutes(21.9);
      expect(await offerTo('bob')).toBeNull();
      expect(await stores.queue.counts(null)).toMatchObject({ claimed: 1, waiting: 0 });
      setMinutes(22);
      expect(await stores.queue.find(taskId)).toMatchObject({ step: 'waiting', claim: null });
      expect(await stores.queue.renew(taskId, claim.claimId, at(40))).toBeNull();
      expect(await offerTo('bob')).toBe(taskId);
      expect(await offerTo('eve')).toBeNull();
    });
  });
}
