import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { BankRef } from '../../schema/bank.js';
import { BankChangedError, BankExistsError, BankNotFoundError, type BankRecords, type StoredBank } from '../banks.js';
import { batches } from './batches.js';
import type { BankTable, BankVersionTable, Db, Tables, TextType } from './tables.js';
import { millisecondsOf } from './transaction.js';

/** Banks and their versions. */
export async function createBanks({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('banks')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('scene', text, (column) => column.notNull())
    .addColumn('at_most', text, (column) => column.notNull())
    .addColumn('project', text)
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('removed_ms', 'bigint')
    .execute();
  await schema
    .createTable('bank_versions')
    .addColumn('name', text, (column) => column.notNull().references('banks.name').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addColumn('entries', 'bigint', (column) => column.notNull())
    .addColumn('recorded_at', text, (column) => column.notNull())
    .addColumn('superseded_ms', 'bigint')
    .addPrimaryKeyConstraint('bank_versions_pk', ['name', 'version'])
    .execute();
  await schema.createIndex('bank_versions_by_digest').on('bank_versions').column('digest').execute();
}

/** What is known of banks, on a database that has the newest schema. */
export function bankRecords(db: Db): BankRecords {
  return {
    async create({ name, kind, scene, atMost, project }, createdAt) {
      const settings = { kind, scene, at_most: atMost, project, created_at: createdAt, removed_ms: null };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('banks')
        .values({ name, version: 0, ...settings })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet(settings).where('banks.removed_ms', 'is not', null),
        )
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw new BankExistsError(name);
    },

    async find(name) {
      const row = await banks(db).where('banks.name', '=', name).executeTakeFirst();
      return row === undefined ? null : toBank(row);
    },

    async list() {
      return (await banks(db).orderBy('banks.name').execute()).map(toBank);
    },

    async addVersion(name, { digest, entries, after, at }) {
      const ms = millisecondsOf(at);
      return await db.transaction().execute(async (transaction) => {
        // A write first, see inTask. A number is taken only if it turns out to be needed.
        const { numUpdatedRows } = await transaction
          .updateTable('banks')
          .set({ version: after + 1 })
          .where('name', '=', name)
          .where('version', '=', after)
          .where('removed_ms', 'is', null)
          .executeTakeFirst();
        const bank = await banks(transaction).where('banks.name', '=', name).executeTakeFirst();
        if (bank === undefined) throw new BankNotFoundError(name);
        if (numUpdatedRows === 0n) throw new BankChangedError(name, after);
        if (bank.digest === digest) {
          await transaction.updateTable('banks').set({ version: after }).where('name', '=', name).execute();
          return toRef(bank, { version: after, digest, entries });
        }
        await transaction
          .updateTable('bank_versions')
          .set({ superseded_ms: ms })
          .where('name', '=', name)
          .where('superseded_ms', 'is', null)
          .execute();
        await transaction
          .insertInto('bank_versions')
          .values({ name, version: after + 1, digest, entries, recorded_at: at, superseded_ms: null })
          .execute();
        return toRef(bank, { version: after + 1, digest, entries });
      });
    },

    async remove(name, at) {
      const ms = millisecondsOf(at);
      await db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('banks')
          .set({ removed_ms: ms })
          .where('name', '=', name)
          .where('removed_ms', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new BankNotFoundError(name);
        await transaction
          .updateTable('bank_versions')
          .set({ superseded_ms: ms })
          .where('name', '=', name)
          .where('superseded_ms', 'is', null)
          .execute();
      });
    },

    async current(project, scenes) {
      if (scenes.length === 0) return [];
      const rows = await banks(db)
        .where('banks.scene', 'in', scenes)
        .where((where) => where.or([where('banks.project', 'is', null), where('banks.project', '=', project)]))
        .where('bank_versions.entries', '>', 0)
        .orderBy('banks.name')
        .execute();
      return rows.flatMap((row) => {
        const { digest, entries } = row;
        return digest === null || entries === null ? [] : [toRef(row, { version: row.version, digest, entries })];
      });
    },

    async supersededBefore(instant) {
      const rows = await db
        .selectFrom('bank_versions')
        .select('digest')
        .groupBy('digest')
        // A null, which a current version has, is not counted.
        .having(sql<boolean>`count(*) = count(superseded_ms)`)
        .having(({ fn }) => fn.max('superseded_ms'), '<', millisecondsOf(instant))
        .orderBy('digest')
        .execute();
      return rows.map(({ digest }) => digest);
    },

    async unnamedAmong(digests) {
      const named = new Set<string>();
      for (const batch of batches(digests)) {
        const rows = await db.selectFrom('bank_versions').select('digest').where('digest', 'in', batch).execute();
        for (const { digest } of rows) named.add(digest);
      }
      return digests.filter((digest) => !named.has(digest));
    },

    async forgetContents(digests) {
      await db.transaction().execute(async (transaction) => {
        for (const digest of digests) {
          await transaction
            .deleteFrom('bank_versions')
            .where('digest', '=', digest)
            .where('superseded_ms', 'is not', null)
            .execute();
        }
        await transaction
          .deleteFrom('banks')
          .where('removed_ms', 'is not', null)
          .where('name', 'not in', (query) => query.selectFrom('bank_versions').select('name'))
          .execute();
      });
    },
  };
}

type Row = Omit<BankTable, 'removed_ms'> & {
  [K in 'digest' | 'entries' | 'recorded_at']: BankVersionTable[K] | null;
};

/** Those that are not removed, each with its current version. */
function banks(db: Db): SelectQueryBuilder<Tables, 'banks' | 'bank_versions', Row> {
  return db
    .selectFrom('banks')
    .leftJoin('bank_versions', (join) =>
      join.onRef('bank_versions.name', '=', 'banks.name').on('bank_versions.superseded_ms', 'is', null),
    )
    .where('banks.removed_ms', 'is', null)
    .select(['banks.name', 'kind', 'scene', 'at_most', 'project', 'created_at', 'banks.version'])
    .select(['digest', 'entries', 'recorded_at']);
}

function toBank(row: Row): StoredBank {
  const { name, kind, scene, at_most: atMost, project, version, digest, entries } = row;
  const settings = { name, kind, scene, atMost, project, createdAt: row.created_at };
  return { ...settings, version, digest, entries: entries ?? 0, importedAt: row.recorded_at };
}

function toRef(
  { name, kind, scene, at_most: atMost }: Row,
  version: Pick<BankRef, 'version' | 'digest' | 'entries'>,
): BankRef {
  return { name, kind, scene, atMost, ...version };
}
