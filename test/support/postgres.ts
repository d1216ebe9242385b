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
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create schema ${schema}`);
  } finally {
    await client.end();
  }
  return `${url}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}
