import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { migrate, tableMigrations } from '../sql/migrations.js';
import { sharedDatabases } from '../sql/shared-databases.js';
import type { Tables } from '../sql/tables.js';
import { POSTGRES_MIGRATIONS } from './migrations.js';

/** Connections of one process: its activities and requests wait for none, and ten processes stay below the hundred that a server takes by default. */
const MAX_CONNECTIONS = 8;
/** Milliseconds until a server that does not answer counts as away. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Postgres' 64-bit integers are times and counts here, which a number holds exactly. */
const numbers = new TypeOverrides();
numbers.setTypeParser(types.builtins.INT8, Number);

/** Where the records lie, for messages: without the password. */
export function locationOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `the Postgres database ${pathname.slice(1)} at ${searchParams.get('host') ?? host}`;
}

/**
 * Uses a Postgres database for one more store, which is brought to the newest schema, by one process at a time.
 * @param url `postgresql://user:password@host:port/database`, with what else libpq's URLs can say
 * @throws {MigrationFailedError}
 */
export const useDatabase = sharedDatabases((url) => {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'framewarden',
    keepAlive: true,
    types: numbers,
  });
  // A connection that dies idle: the pool makes another, and an error that nobody hears would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const prepare = async () => {
    // Byte order: task ids compare as in SQLite, whatever the database's own collation.
    await migrate(db, locationOf(url), { ...tableMigrations(sql<string>`text collate "C"`), ...POSTGRES_MIGRATIONS });
  };
  return { db, prepare };
});
