import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { migrate, MigrationFailedError, tableMigrations } from '../sql/migrations.js';
import { sharedDatabases } from '../sql/shared-databases.js';
import type { Db, Tables } from '../sql/tables.js';
import { POSTGRES_MIGRATIONS } from './migrations.js';

/** Connections of one process: its activities and requests wait for none, and ten processes stay below the hundred that a server takes by default. */
const MAX_CONNECTIONS = 8;
/** Milliseconds until a server that does not answer counts as away. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Postgres' 64-bit integers are times and counts here, which a number holds exactly. */
const numbers = new TypeOverrides();
numbers.setTypeParser(types.builtins.INT8, Number);

/** Where the records lie, for messages: without the password. */
function locationOf(url: string): string {
  if (!URL.canParse(url)) return 'the Postgres database';
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
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool, onCreateConnection: planForShortQueries }) });
  const prepare = async () => {
    const location = locationOf(url);
    const schema = await currentSchema(db, location);
    // Byte order: task ids compare as in SQLite, whatever the database's own collation.
    const text = sql<string>`text collate "C"`;
    await migrate(db, location, { ...tableMigrations(text), ...POSTGRES_MIGRATIONS }, schema);
  };
  return { db, prepare };
});

/** Every query reads a few thousand rows at most, whatever the planner believes: to compile it, or to start processes for it, takes longer than it does. */
async function planForShortQueries(connection: DatabaseConnection): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw('set jit = off'));
  await connection.executeQuery(CompiledQuery.raw('set max_parallel_workers_per_gather = 0'));
}

/** Where tables are made and found: others of the same names may lie in other schemas of the database. */
async function currentSchema(db: Db, location: string): Promise<string> {
  try {
    const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db);
    const schema = rows[0]?.schema ?? null;
    if (schema === null) throw new Error('its search_path names no schema that is there');
    return schema;
  } catch (error) {
    throw new MigrationFailedError(location, error);
  }
}
