import type { Kysely, Selectable } from 'kysely';
import type { Policy } from '../../schema/policy.js';
import { PolicyChangedError, type PolicyVersion, type PolicyVersionStore } from '../policy-versions.js';
import type { PolicyVersionTable } from './console-tables.js';
import type { Db, TextType } from './tables.js';
import { storableText } from './transaction.js';

/** Policies of projects. */
export async function createPolicyVersions({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('policy_versions')
    .addColumn('project', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('policy', text, (column) => column.notNull())
    .addColumn('policy_digest', text, (column) => column.notNull())
    .addColumn('saved_by', text, (column) => column.notNull())
    .addColumn('saved_at', text, (column) => column.notNull())
    .addColumn('note', text)
    .addPrimaryKeyConstraint('policy_versions_pk', ['project', 'version'])
    .execute();
}

/** Policies on a database that has the newest schema. */
export function policyVersions(db: Db): PolicyVersionStore {
  const latest = (from: Db, project: string) =>
    from
      .selectFrom('policy_versions')
      .selectAll()
      .where('project', '=', project)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  const latestVersion = async (from: Db, project: string) => (await latest(from, project))?.version ?? 0;
  return {
    async save({ project, policy, policyDigest, savedBy, savedAt, note }, after) {
      const row = {
        project,
        version: after + 1,
        policy: JSON.stringify(policy),
        policy_digest: policyDigest,
        saved_by: storableText(savedBy),
        saved_at: savedAt,
        note: note === null ? null : storableText(note),
      };
      try {
        await db.transaction().execute(async (transaction) => {
          const version = await latestVersion(transaction, project);
          if (version !== after) throw new PolicyChangedError(project, version);
          await transaction.insertInto('policy_versions').values(row).execute();
        });
      } catch (error) {
        // On Postgres somebody may have saved it between the two statements: then the database refuses it as one that does not follow.
        const version = await latestVersion(db, project);
        throw version === after ? error : new PolicyChangedError(project, version);
      }
      return toVersion(row);
    },

    async latest(project) {
      const row = await latest(db, project);
      return row === undefined ? null : toVersion(row);
    },

    async latestOfAll() {
      const rows = await db
        .selectFrom('policy_versions as each')
        .selectAll()
        .where('version', '=', (query) =>
          query
            .selectFrom('policy_versions as own')
            .select(({ fn }) => fn.max('own.version').as('latest'))
            .whereRef('own.project', '=', 'each.project'),
        )
        .orderBy('project')
        .execute();
      return rows.map(toVersion);
    },

    async list(project) {
      const rows = await db
        .selectFrom('policy_versions')
        .selectAll()
        .where('project', '=', project)
        .orderBy('version', 'desc')
        .execute();
      return rows.map(toVersion);
    },
  };
}

function toVersion(row: Selectable<PolicyVersionTable>): PolicyVersion {
  return {
    project: row.project,
    version: row.version,
    policy: JSON.parse(row.policy) as Policy,
    policyDigest: row.policy_digest,
    savedBy: row.saved_by,
    savedAt: row.saved_at,
    note: row.note,
  };
}
