import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { tryLock } from '../../src/owner/lock.js';
import { readOwner } from '../../src/owner/owner-file.js';
import { becomeOwnerOrAttach, childrenDirOf, OwnerElsewhereError, type Owner } from '../../src/owner/owner.js';
import { processStartTime } from '../../src/process/start-time.js';
import { connectClient } from '../../src/temporal/connection.js';
import { startServer } from '../../src/temporal/server.js';
import { localTarget, type TemporalTarget } from '../../src/temporal/target.js';
import { build } from '../support/build.js';
import { endOwnerProcesses, startOwnerProcess } from '../support/owner-process.js';
import { temporalServer } from '../support/temporal-server.js';

const DAY_MS = 24 * 3_600_000;
const never = new AbortController().signal;
let dataDir: string;
let said: string[];
let releases: (() => Promise<void>)[];

async function become(temporal: TemporalTarget | null = null, dir = dataDir) {
  const searchPath = [dirname((await temporalServer()).path)];
  const say = (line: string): void => void said.push(line);
  const place = await becomeOwnerOrAttach({ dataDir: dir, temporal, searchPath, say, signal: never });
  if (place.role === 'owner') releases.push(() => place.release());
  return place;
}

async function becomeOwner(temporal: TemporalTarget | null = null): Promise<Owner> {
  const place = await become(temporal);
  if (place.role !== 'owner') throw new Error('Expected to become the owner.');
  return place;
}

/** The one program that the directory's owner runs. */
function serverOf(dir: string): { pid: number; startTime: string } {
  const [record = ''] = readdirSync(childrenDirOf(dir));
  return JSON.parse(readFileSync(join(childrenDirOf(dir), record), 'utf8')) as { pid: number; startTime: string };
}

beforeAll(build);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'framewarden-owner-'));
  said = [];
  releases = [];
});
afterEach(async () => {
  endOwnerProcesses();
  for (const release of releases) await release();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the owner of a data directory', () => {
  test('has a Temporal server that knows our search attributes and keeps what has ended for seven days', async () => {
    const { target } = await becomeOwner();
    const client = await connectClient(target);
    const { namespace } = target;
    const [attributes, described] = await Promise.all([
      client.connection.operatorService.listSearchAttributes({ namespace }),
      client.workflowService.describeNamespace({ namespace }),
    ]);
    await client.connection.close();
    expect(Object.keys(attributes.customAttributes)).toEqual(
      expect.arrayContaining(['RequestDigest', 'ModerationSuggestion', 'Installation']),
    );
    expect(tsToMs(described.config?.workflowExecutionRetentionTtl)).toBe(7 * DAY_MS);
  });

  test('says who it is and where Temporal is, and takes that back when it leaves, with its server', async () => {
    const owner = await becomeOwner();
    const startTime = processStartTime(process.pid);
    expect(await readOwner(dataDir)).toMatchObject({
      pid: process.pid,
      startTime,
      temporalAddress: owner.target.address,
      namespace: owner.target.namespace,
      readyAt: expect.stringMatching(/Z$/) as string,
    });
    const server = serverOf(dataDir);
    await Promise.all([owner.release(), owner.release()]);
    expect(await readOwner(dataDir)).toBeNull();
    expect(processStartTime(server.pid)).not.toBe(server.startTime);
    expect(readdirSync(childrenDirOf(dataDir))).toEqual([]);
    tryLock(dataDir)?.release();
    expect((await become()).role).toBe('owner');
  });

  test('has its server again, at the same address, after that was killed', async () => {
    const { target } = await becomeOwner();
    const client = await connectClient(target);
    const killed = serverOf(dataDir);
    process.kill(killed.pid, 'SIGKILL');
    await untilDone(async () => {
      await client.workflowService.getSystemInfo({});
      return serverOf(dataDir).pid !== killed.pid;
    });
    await client.connection.close();
    expect(said).toEqual([expect.stringContaining('SIGKILL')]);
  });

  test('ends programs that a dead owner left running, and only those', async () => {
    const [left, other] = [spawn('sleep', ['100']), spawn('sleep', ['100'])];
    const parent = { pid: spawnSync('true').pid, startTime: 'before' };
    const startTime = processStartTime(left.pid ?? 0);
    mkdirSync(childrenDirOf(dataDir));
    for (const record of [
      { pid: left.pid, startTime },
      { pid: other.pid, startTime: 'another' },
    ]) {
      const file = join(childrenDirOf(dataDir), `${record.pid}.json`);
      writeFileSync(file, JSON.stringify({ ...record, program: 'sleep', parent }));
    }
    const ended = new Promise((resolve) =>
      left.on('exit', (_, signal) => {
        resolve(signal);
      }),
    );
    await becomeOwner();
    expect(await ended).toBe('SIGKILL');
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(said).toEqual([expect.stringContaining('1 left-over program')]);
    other.kill();
  });

  test('uses the cluster that is named instead of a server of its own, and teaches it our search attributes', async () => {
    const clusterDir = join(dataDir, 'cluster');
    mkdirSync(clusterDir);
    const options = { childrenDir: join(clusterDir, 'children'), binary: await temporalServer(), say: () => undefined };
    const cluster = await startServer({ dataDir: clusterDir, ...options, signal: never });
    releases.push(() => cluster.stop());
    const owner = await becomeOwner(cluster.target);
    expect(owner.target).toEqual(cluster.target);
    expect(existsSync(join(dataDir, 'temporal.db'))).toBe(false);
    const client = await connectClient(cluster.target);
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: 'default' });
    await client.connection.close();
    expect(customAttributes).toHaveProperty('Installation');
    await owner.release();
  });
});

describe('a command on a directory that has an owner', () => {
  test('attaches to it', async () => {
    const { target, installation } = await becomeOwner();
    const other = await startOwnerProcess(dataDir);
    expect(await other.next()).toEqual({ role: 'attached', address: target.address, installation });
    await other.end('SIGTERM');
    expect((await readOwner(dataDir))?.pid).toBe(process.pid);
  });

  test('refuses to use another cluster than the owner does', async () => {
    const { target } = await becomeOwner();
    await expect(become(localTarget('127.0.0.1:1', 'default'))).rejects.toThrow(OwnerElsewhereError);
    expect((await become(target)).role).toBe('attached');
  });

  test('of several that start at once, all but one attach', async () => {
    const processes = await Promise.all([1, 2, 3].map(() => startOwnerProcess(dataDir)));
    const events = await Promise.all(processes.map((process) => process.next()));
    expect(events.map(({ role }) => role).sort()).toEqual(['attached', 'attached', 'owner']);
    expect(new Set(events.map(({ address }) => address)).size).toBe(1);
    expect(new Set(events.map(({ installation }) => installation)).size).toBe(1);
    await Promise.all(processes.map((process) => process.end('SIGTERM')));
  });

  test('takes over when the owner dies, finds Temporal where it was, and no server of the dead one runs on', async () => {
    const owner = await startOwnerProcess(dataDir);
    const { address } = await owner.next();
    const server = serverOf(dataDir);
    const other = await startOwnerProcess(dataDir);
    await other.next();
    await owner.end('SIGKILL');
    expect(await other.next()).toEqual({ gone: 'died' });
    expect(await other.next()).toMatchObject({ role: 'owner', address });
    expect(processStartTime(server.pid)).not.toBe(server.startTime);
    await other.end('SIGTERM');
  });

  test('takes over when the owner leaves', async () => {
    const owner = await startOwnerProcess(dataDir);
    await owner.next();
    const other = await startOwnerProcess(dataDir);
    await other.next();
    await owner.end('SIGTERM');
    expect(await other.next()).toEqual({ gone: 'left' });
    expect(await other.next()).toMatchObject({ role: 'owner' });
    await other.end('SIGTERM');
  });

  test('takes over from one that is named but no longer lives, also when its pid is in use again', async () => {
    const stale = {
      pid: process.pid,
      startTime: 'before the last boot',
      temporalAddress: '127.0.0.1:1',
      namespace: 'default',
      readyAt: 'then',
    };
    writeFileSync(join(dataDir, 'owner.json'), JSON.stringify(stale));
    expect((await become()).role).toBe('owner');
  });
});

/** Asks again until the answer is yes; while it fails the answer is no. The test's own limit ends it. */
async function untilDone(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 100));
}
