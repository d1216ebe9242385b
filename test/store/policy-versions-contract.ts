import { sql } from 'kysely';
import { PolicyChangedError, type PolicyVersionStore } from '../../src/store/policy-versions.js';
import { policyVersions } from '../../src/store/sql/policy-versions.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { digestOf, makeRequest } from './make-records.js';
import { at } from './queue-fixture.js';

const POLICY = makeRequest('t').policy;
const version = (note: string | null, project = 'mine') => {
  const policyDigest = digestOf(note ?? '');
  return { project, policy: POLICY, policyDigest, savedBy: 'ada', savedAt: at(0), note };
};

/** What every engine of the policies must do; `open` answers a new empty database. */
export function policyVersionsContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`policy versions in ${engine}`, () => {
    let use: DatabaseUse;
    let policies: PolicyVersionStore;
    beforeEach(async () => {
      use = await open();
      policies = policyVersions(use.db);
    });
    afterEach(async () => {
      await use.close();
    });

    test('versions of a project are numbered from 1, and the latest is found', async () => {
      expect([await policies.latest('mine'), await policies.list('mine')]).toEqual([null, []]);
      const first = await policies.save(version('one'), 0);
      const second = await policies.save(version(null), 1);
      const theirs = await policies.save(version('x\0', 'theirs'), 0);
      expect(first).toStrictEqual({ ...version('one'), version: 1 });
      expect(await policies.latest('mine')).toStrictEqual(second);
      expect(await policies.list('mine')).toStrictEqual([second, first]);
      expect(await policies.latestOfAll()).toStrictEqual([second, theirs]);
      expect(theirs.note).toBe('x\uFFFD');
    });

    test('whoever changed a version that is not the latest is refused with the one that is', async () => {
      await policies.save(version('one'), 0);
      const late = policies.save(version('two'), 0);
      await expect(late).rejects.toThrow(PolicyChangedError);
      await expect(late).rejects.toMatchObject({ project: 'mine', latest: 1 });
      await expect(policies.save(version('two'), 2)).rejects.toThrow(PolicyChangedError);
    });

    test('of several who save at the same time one does', async () => {
      const saved = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => policies.save(version(`${n}`), 0)));
      expect(saved.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const each of saved) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(PolicyChangedError);
      expect(await policies.list('mine')).toHaveLength(1);
    });

    test('the database itself refuses to change, remove or renumber one', async () => {
      const saved = await policies.save(version('one'), 0);
      const columns = sql.raw('project, policy, policy_digest, saved_by, saved_at, note');
      for (const statement of [
        sql`update policy_versions set note = 'two'`,
        sql`delete from policy_versions`,
        sql`insert into policy_versions (version, ${columns}) select 1, ${columns} from policy_versions`,
        sql`insert into policy_versions (version, ${columns}) select 3, ${columns} from policy_versions`,
      ])
        await expect(statement.execute(use.db)).rejects.toThrow('policy versions are append-only');
      expect(await policies.list('mine')).toStrictEqual([saved]);
    });
  });
}
