import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../src/temporal/connection.js';
import { freePort } from '../../src/temporal/free-port.js';
import { serverArguments } from '../../src/temporal/server-arguments.js';
import { localTarget } from '../../src/temporal/target.js';
import { observeTurns } from '../../src/temporal/turns.js';
import { waitForPort } from '../../src/temporal/wait-for-port.js';
import { eventually } from '../support/cli.js';
import { temporalServer } from '../support/temporal-server.js';

/** Workflows that are put into the queue to find out. */
const PUT = 32;

let directory: string;
let server: ChildProcess;
let client: Client;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-turns-'));
});
afterEach(async () => {
  await client.connection.close();
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
  await rm(directory, { recursive: true, force: true });
});

/** A server as the embedded one, but for these settings of its dynamic configuration. */
async function startServer(change: (argument: string) => string): Promise<void> {
  const { path } = await temporalServer();
  const port = await freePort(null);
  const databasePath = join(directory, 'temporal.db');
  server = spawn(path, serverArguments({ port, databasePath }).map(change), { stdio: 'ignore' });
  await waitForPort(port, AbortSignal.timeout(120_000));
  client = await connectClient(localTarget(`127.0.0.1:${port}`, 'default'));
}

test('the embedded server heeds priorities and serves projects in turns', async () => {
  await startServer((argument) => argument);
  expect(await observeTurns(client)).toEqual({ priorities: true, fairness: true });
});

test('a server without fairness is told from one with it, and keeps priorities', async () => {
  await startServer((argument) => argument.replace('enableFairness=true', 'enableFairness=false'));
  expect(await observeTurns(client)).toEqual({ priorities: true, fairness: false });
});

test('what was put into the queue to find out is gone afterwards', async () => {
  await startServer((argument) => argument.replace('useNewMatcher=true', 'useNewMatcher=false'));
  await observeTurns(client);
  // Lists come late: what is true of a workflow it tells itself.
  const ids = new Set<string>();
  await eventually(async () => {
    for await (const { workflowId } of client.workflow.list()) ids.add(workflowId);
    return ids.size === PUT;
  }, 'all that was put into the queue to be listed');
  const described = await Promise.all([...ids].map((id) => client.workflow.getHandle(id).describe()));
  expect(new Set(described.map(({ status }) => status.name))).toEqual(new Set(['TERMINATED']));
});
