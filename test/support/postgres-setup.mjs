// Before and after all tests: answers on a socket where the tests' Postgres server is, which is started when the first one asks.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../scripts/postgres-server.mjs', import.meta.url));
let stop = null;

export default async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'framewarden-tests-'));
  const socket = join(directory, 'postgres');
  let server = null;
  const listener = createServer((connection) => {
    connection.on('error', () => undefined);
    server ??= start();
    server.answer.then((answer) => connection.end(JSON.stringify(answer)));
  });
  await new Promise((resolve, reject) => listener.on('error', reject).listen(socket, resolve));
  // The tests end when they are done, whether or not somebody asked.
  listener.unref();
  process.env.FRAMEWARDEN_TEST_POSTGRES = socket;
  stop = async () => {
    listener.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

export async function tearDown() {
  await stop?.();
}

function start() {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let [out, errors] = ['', ''];
  const answer = new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.endsWith('\n')) resolve({ url: out.trim() });
    });
    child.stderr.on('data', (chunk) => (errors += chunk));
    void ended.then(() => resolve({ error: errors.trim() }));
  });
  return {
    answer,
    async stop() {
      child.stdin.on('error', () => undefined).end();
      await ended;
    },
  };
}
