import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { startSupervised } from '../../src/process/supervise.js';
import { findServer, type ServerBinary } from '../../src/temporal/find-server.js';
import { freePort } from '../../src/temporal/free-port.js';
import { serverArguments } from '../../src/temporal/server-arguments.js';
import { localTarget, type TemporalTarget } from '../../src/temporal/target.js';
import { waitForPort } from '../../src/temporal/wait-for-port.js';

/** The Temporal server that `npm cit` provides. A test that needs one fails without it, and says how to get it. */
export async function temporalServer(): Promise<ServerBinary> {
  const { dataDir, searchPath } = readConfig();
  const binary = await findServer({ dataDir, searchPath, say: () => undefined });
  if (binary === null)
    throw new Error('There is no Temporal server for the tests: run `node scripts/setup.mjs --tests`.');
  return binary;
}

/** The process keeps it: our modules, with all that they keep, are made anew for each test file. */
const keeper: NodeJS.Process & { framewardenCluster?: Promise<TemporalTarget> } = process;

/**
 * A Temporal server as the embedded one, which all test files of this process use after one another, each by installations of its own: starting it and its
 * database takes more than many a file does. It is started when first asked for and ends with the process, which it does not keep from ending.
 */
export function cluster(): Promise<TemporalTarget> {
  return (keeper.framewardenCluster ??= startCluster());
}

async function startCluster(): Promise<TemporalTarget> {
  const { path } = await temporalServer();
  const directory = mkdtempSync(join(tmpdir(), 'framewarden-cluster-'));
  const port = await freePort(null);
  const args = serverArguments({ port, databasePath: join(directory, 'temporal.db') });
  const server = startSupervised(path, args, { stdio: { stdout: 'ignore', stderr: 'ignore' } });
  server.child.unref();
  (server.child.stdin as Socket | null)?.unref();
  process.once('exit', () => {
    server.child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const ended = new AbortController();
  void server.ended.then(({ exitCode, signal }) => {
    // Whoever comes next gets another one.
    delete keeper.framewardenCluster;
    ended.abort(new Error(`Expected the Temporal server of the tests to run, it ended (${signal ?? exitCode}).`));
  });
  await waitForPort(port, AbortSignal.any([ended.signal, AbortSignal.timeout(120_000)]));
  return localTarget(`127.0.0.1:${port}`, 'default');
}
