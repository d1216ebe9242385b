import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { readConfig, type Config } from '../../src/config.js';
import { createWorkerDeps, openStores, type Stores, type WorkerDeps } from '../../src/deps.js';
import { detectorInfos } from '../../src/detectors/registry.js';
import { digestOf } from '../../src/digest.js';
import { becomeOwnerOrAttach, type Owner } from '../../src/owner/owner.js';
import type { ModerationResultBody } from '../../src/schema/result.js';
import { ModerationOptions } from '../../src/schema/options.js';
import type { Policy } from '../../src/schema/policy.js';
import { DEFAULT_PROJECT, type TaskRequest } from '../../src/schema/task.js';
import { identifyFile } from '../../src/sources/file.js';
import { newTaskRequest } from '../../src/task-request.js';
import { connectClient } from '../../src/temporal/connection.js';
import { queuesOf } from '../../src/temporal/queues.js';
import { startTask, type TaskClient } from '../../src/temporal/tasks.js';
import { startWorkers, type Workers } from '../../src/worker.js';
import { getModerationResult, getProgress } from '../../src/workflows/messages.js';
import { ROOT } from './build.js';
import { cluster, temporalServer } from './temporal-server.js';
import { POLICY } from './verdicts.js';

/** A whole installation in a directory of its own, on the tests' server: stores, models and, while they run, workers. */
export interface TestInstallation extends Stores {
  config: Config;
  tasks: TaskClient;
  client: Client;
  startWorkers(): Promise<Workers>;
  close(): Promise<void>;
}

/**
 * `change` replaces what activities reach the world through; `models` is a directory of models of one's own; with `serverConfig`, dynamic configuration
 * besides our own, it is the owner of a server that is started with it.
 */
export async function openInstallation(
  change: (deps: WorkerDeps) => WorkerDeps = (deps) => deps,
  models?: string,
  serverConfig?: string,
): Promise<TestInstallation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-'));
  // Each thread loads the models anew, and no test waits for what they say long enough to need another.
  const config = { ...readConfig({ dataDir, models }), inferenceThreads: 1 };
  const signal = new AbortController().signal;
  const server =
    serverConfig === undefined
      ? { temporal: await cluster(), searchPath: [] }
      : { temporal: null, searchPath: [await serverWith(dataDir, serverConfig)] };
  const owner = (await becomeOwnerOrAttach({ dataDir, ...server, say: () => undefined, signal })) as Owner;
  const [stores, client] = await Promise.all([openStores(config), connectClient(owner.target)]);
  const deps = change(await createWorkerDeps(config, stores));
  const queues = queuesOf(owner.installation);
  let workers: Workers | undefined;
  return {
    ...stores,
    config,
    client,
    tasks: { client, installation: owner.installation, queues },
    async startWorkers() {
      workers = await startWorkers({
        target: owner.target,
        queues,
        forService: true,
        meter: null,
        deps,
        slots: 2,
        logLevel: 'silent',
        log: () => undefined,
        signal,
      });
      return workers;
    },
    async close() {
      await workers?.stop();
      await deps.close();
      await client.connection.close();
      await stores.records.close();
      await owner.release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A directory with a program that starts the server with one more setting. */
async function serverWith(dataDir: string, setting: string): Promise<string> {
  const { path } = await temporalServer();
  const directory = join(dataDir, 'bin');
  await mkdir(directory);
  const script = `#!/bin/sh\n[ "$1" = server ] && set -- "$@" --dynamic-config-value '${setting}'\nexec '${path}' "$@"\n`;
  await writeFile(join(directory, basename(path)), script, { mode: 0o755 });
  return directory;
}

/** Path of a sample that comes with the package. */
export function samplePath(name: string): string {
  return resolve(ROOT, 'samples', name);
}

export interface Asking {
  options?: Partial<ModerationOptions>;
  policy?: Policy;
}

/** A request for this file, compared with the banks as they are, by a policy that waits for a person for a week unless another one is given. */
export async function requestFor(
  { tasks, banks }: TestInstallation,
  path: string,
  { options, policy = POLICY }: Asking = {},
): Promise<TaskRequest> {
  const parsed = ModerationOptions.parse({ scenes: ['porn'], ...options });
  const current = await banks.current(DEFAULT_PROJECT, parsed.scenes);
  return newTaskRequest({
    source: await identifyFile(path),
    options: parsed,
    detectors: await detectorInfos(parsed.scenes, current),
    banks: current,
    policy,
    policyDigest: digestOf(policy),
    mediaQueue: tasks.queues.media,
  });
}

/** Starts a task and answers its id. */
export async function start(installation: TestInstallation, path: string, asking?: Asking): Promise<string> {
  const request = await requestFor(installation, path, asking);
  await startTask(installation.tasks, request);
  return request.taskId;
}

const PHASES = { waiting: 'waiting for review', classifying: 'classifying' } as const;

/** Asks the workflow again and again until its result or phase is as wanted: less and less often, since being asked is work for it too. */
export async function until(
  { client }: TestInstallation,
  taskId: string,
  wanted: 'verdict' | 'waiting' | 'classifying',
): Promise<ModerationResultBody> {
  const handle = client.workflow.getHandle(taskId);
  const startedAt = performance.now();
  for (let pauseMs = 50; performance.now() - startedAt < 180_000; pauseMs = Math.min(2 * pauseMs, 400)) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    // One at a time, and again when it is refused: a workflow that has not begun yet takes one query only.
    const body = await handle.query(getModerationResult).catch(() => null);
    if (body === null) continue;
    const isReached =
      wanted === 'verdict'
        ? body.ModerationResult !== undefined
        : (await handle.query(getProgress).catch(() => null))?.phase === PHASES[wanted];
    if (isReached || (body.Status === 'Failed' && wanted !== 'classifying')) return body;
  }
  throw new Error(`Expected ${taskId} to reach ${wanted} within three minutes`);
}
