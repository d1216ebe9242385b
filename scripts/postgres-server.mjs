// `node scripts/postgres-server.mjs`: a Postgres server of its own for tests and benchmarks, empty, on a socket in a temporary directory.
// Prints its URL as one line and ends, with the server and the directory, when its stdin does: also when whoever started it was killed.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../dist/config.js';
import { findPostgres, postgresMissing } from '../dist/setup/provide-postgres.js';

const START_LIMIT_MS = 60_000;
const { searchPath } = readConfig();
const programs = findPostgres({ searchPath });
if (programs === null) {
  console.error(postgresMissing({ searchPath }).message);
  process.exitCode = 1;
} else {
  await serve(programs);
}

async function serve(bin) {
  const asked = new Promise((resolve) => process.stdin.on('end', resolve).on('error', resolve).resume());
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.stdin.destroy().emit('end'));
  const directory = await mkdtemp(join(tmpdir(), 'framewarden-postgres-'));
  let server = null;
  try {
    const user = unprivileged();
    if (user.uid !== undefined) await chown(directory, user.uid, user.gid);
    const data = join(directory, 'data');
    // English, where this Postgres can: an order that is not that of the code points, as many operators' databases have it.
    const base = ['-D', data, '-U', 'framewarden', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    await execute(join(bin, 'initdb'), [...base, '--locale-provider=icu', '--icu-locale=en-US'], user).catch(() =>
      rm(data, { recursive: true, force: true }).then(() => execute(join(bin, 'initdb'), base, user)),
    );
    // Nothing here has to outlive a power cut.
    const settings = [
      'listen_addresses=',
      `unix_socket_directories=${directory}`,
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
    ];
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(join(bin, 'postgres'), args, { ...user, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    await started(server);
    console.log(`postgresql:///postgres?user=framewarden&host=${encodeURIComponent(directory)}`);
    await asked;
  } finally {
    await stop(server);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Postgres refuses to run as root. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      return { uid, gid };
    } catch {
      // There is no such user here.
    }
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user postgres nor nobody: run the tests as another user.',
  );
}

async function execute(program, args, options) {
  await promisify(execFile)(program, args, { ...options, cwd: '/', timeout: START_LIMIT_MS });
}

/** Resolves when the server accepts connections. */
async function started(server) {
  let log = '';
  await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`Expected Postgres to start, but it ${why}:\n${log.trim()}`));
    const timer = setTimeout(() => fail(`did not within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    server.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
    server.on('error', (error) => fail(`could not be started (${error.message})`));
    server.on('exit', (code) => fail(`ended with code ${code}`));
  });
}

async function stop(server) {
  if (server === null || server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => server.on('exit', resolve));
  // At once, without writing what is going to be deleted.
  server.kill('SIGQUIT');
  await ended;
}
