import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Client } from 'pg';

interface Answer {
  url?: string;
  /** Why there is none, and what to do. */
  error?: string;
}

/** Asks for the server that all test files share; see postgres-setup.mjs. A test that needs one fails without it, and says how to get it. */
async function serverUrl(): Promise<string> {
  const socket = process.env['FRAMEWARDEN_TEST_POSTGRES'];
  if (socket === undefined)
    throw new Error('Expected Jest to have run test/support/postgres-setup.mjs before the tests.');
  let text = '';
  for await (const chunk of connect(socket)) text += String(chunk);
  const { url, error = 'The Postgres server of the tests ended.' } = JSON.parse(text) as Answer;
  if (url === undefined) throw new Error(error);
  return url;
}

/** URL of an empty schema in a database of the tests' Postgres server: nobody else's tables are found there. */
export async function newPostgres(): Promise<string> {
  const url = await serverUrl();
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await using(url, `create schema ${schema}`);
  return `${url}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

let shared: Promise<string> | undefined;

/**
 * URL of a schema that the calls of one test file share, without any rows: making its tables anew for each test would take most of the time. Whoever had it
 * before has to be through with it.
 */
export async function emptyPostgres(): Promise<string> {
  const url = await (shared ??= newPostgres());
  await using(url, EMPTY);
  return url;
}

/**
 * What forbids to remove rows is passed over by who replicates, the head of the audit record is the one row that a new database has, and what a test has
 * disabled is in force again.
 */
const EMPTY = `
  do $$ declare of text; begin
    set local session_replication_role = replica;
    for of in select tablename from pg_tables where schemaname = current_schema() and tablename not like 'kysely%' loop
      execute format('delete from %I', of);
    end loop;
    if to_regclass('audit_head') is not null then
      insert into audit_head ("only", sequence, digest, anchor_sequence, anchor_digest)
        values (1, 0, repeat('0', 64), 0, repeat('0', 64));
    end if;
    for of in select distinct tgrelid::regclass::text from pg_trigger where tgenabled = 'D' and not tgisinternal loop
      execute format('alter table %s enable trigger user', of);
    end loop;
  end $$`;

async function using(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
