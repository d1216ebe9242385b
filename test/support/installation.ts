import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
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
import { temporalServer } from './temporal-server.js';
import { POLICY } from './verdicts.js';

/** A whole installation in a directory of its own: real server, stores, models and, while they run, workers. */
export interface TestInstallation extends Stores {
  config: Config;
  tasks: TaskClient;
  client: Client;
  startWorkers(): Promise<Workers>;
  close(): Promise<void>;
}

/**
 * `change` replaces what activities reach the world through; `models` is a directory of models of one's own; `serverConfig` is dynamic configuration that the
 * server is started with besides our own.
 */
export async function openInstallation(
  change: (deps: WorkerDeps) => WorkerDeps = (deps) => deps,
  models?: string,
  serverConfig?: string,
): Promise<TestInstallation> {
  const server = await temporalServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-'));
  const serverDir =
    serverConfig === undefined ? dirname(server.path) : await serverWith(server.path, dataDir, serverConfig);
  // Each thread loads the models anew, and no test waits for what they say long enough to need another.
  const config = { ...readConfig({ dataDir, models }), inferenceThreads: 1, searchPath: [serverDir] };
  const signal = new AbortController().signal;
  const owner = (await becomeOwnerOrAttach({ ...config, temporal: null, say: () => undefined, signal })) as Owner;
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
async function serverWith(path: string, dataDir: string, setting: string): Promise<string> {
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

/** Asks the workflow again and again until its result or phase is as wanted. */
export async function until(
  { client }: TestInstallation,
  taskId: string,
  wanted: 'verdict' | 'waiting' | 'classifying',
): Promise<ModerationResultBody> {
  const handle = client.workflow.getHandle(taskId);
  for (const startedAt = performance.now(); performance.now() - startedAt < 180_000;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    // One at a time, and again when it is refused: a workflow that has not begun yet takes one query only.
    const body = await handle.query(getModerationResult).catch(() => null);
    const progress = await handle.query(getProgress).catch(() => null);
    if (body === null || progress === null) continue;
    const { phase, done } = progress;
    const reached = {
      verdict: body.ModerationResult !== undefined,
      waiting: phase === 'waiting for review',
      classifying: phase === 'classifying' && done >= 0,
    }[wanted];
    if (reached || (body.Status === 'Failed' && wanted !== 'classifying')) return body;
  }
  throw new Error(`Expected ${taskId} to reach ${wanted} within three minutes`);
}
