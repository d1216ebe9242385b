import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { readRequest } from '../../src/api/read-request.js';
import { authenticate } from '../../src/auth/authenticate.js';
import { newAccessKey } from '../../src/auth/new-access-key.js';
import { recentNonces } from '../../src/auth/recent-nonces.js';
import { secretBox } from '../../src/auth/secret-box.js';
import { readConfig } from '../../src/config.js';
import { createWorkerDeps, openStores } from '../../src/deps.js';
import { createMetrics } from '../../src/metrics.js';
import { becomeOwnerOrAttach, type Owner } from '../../src/owner/owner.js';
import { ServiceConfig } from '../../src/schema/service-config.js';
import { startServer } from '../../src/server.js';
import { settingsOf } from '../../src/service-settings.js';
import { openSources } from '../../src/sources/by-scheme.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { openAccessKeys } from '../../src/store/sqlite/open-access-keys.js';
import { openNonces } from '../../src/store/sqlite/open-nonces.js';
import { useDatabase } from '../../src/store/sqlite/shared-database.js';
import { connectClient } from '../../src/temporal/connection.js';
import { queuesOf } from '../../src/temporal/queues.js';
import { startWorkers } from '../../src/worker.js';
import { PROJECT, signed } from './signed.js';

/** What the load is put on; all of it in one process, which is not the one that makes the load. */
export interface Place {
  key: AccessKey;
  /** `host:port` of the service and of the bare route. */
  service: string;
  bare: string;
  /** Of the embedded Temporal server. */
  address: string;
  namespace: string;
  /** A task that a worker has moderated to the end. */
  taskId: string;
}

const ACCOUNT = '1';

/** Opens everything and answers how it is reached, and how it ends. */
export async function openPlace(openTasks: number): Promise<Place & { close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  const config = readConfig({ dataDir });
  const signal = new AbortController().signal;
  const say = (): void => undefined;
  const owner = (await becomeOwnerOrAttach({ ...config, temporal: null, say, signal })) as Owner;
  const [stores, client] = await Promise.all([openStores(config), connectClient(owner.target)]);
  const service = ServiceConfig.parse({
    version: 1,
    listen: { port: 0 },
    accounts: [{ id: ACCOUNT }],
    projects: [{ name: PROJECT, account: ACCOUNT, limits: { requestsPerSecond: 100_000, openTasks: 1_000_000 } }],
    sources: { buckets: [{ match: 'samples', directory: join(process.cwd(), 'samples') }] },
  });
  const settings = await settingsOf(service, process.cwd());
  const database = join(dataDir, 'framewarden.db');
  const keys = await openAccessKeys(database, secretBox('0'.repeat(64)));
  const nonces = await openNonces(join(dataDir, 'nonces.db'));
  const key = newAccessKey({ accountId: ACCOUNT, userName: null }, Date.now());
  await keys.create(key);
  const queues = queuesOf(owner.installation);
  const sources = openSources(() => settings.sources, join(dataDir, 'sources'));
  const server = await startServer({
    listen: service.listen,
    settings: () => settings,
    keys,
    nonces,
    records: stores.records,
    blobs: stores.blobs,
    sources,
    banks: stores.banks,
    tasks: () => ({ client, installation: owner.installation, queues }),
    metrics: createMetrics(),
    notices: () => [],
    log: say,
  });

  const deps = await createWorkerDeps(config, stores, { sources });
  const workers = await startWorkers({
    target: owner.target,
    queues,
    forService: true,
    meter: null,
    deps,
    slots: 1,
    logLevel: 'silent',
    log: say,
    signal,
  });
  const taskId = await moderated(server.endpoint, key);
  // Workers would take from the cores what is measured here; nothing that is measured needs one.
  await workers.stop();
  await deps.close();
  const record = await stores.records.findTask(taskId);
  if (record === null) throw new Error('Expected the task to be recorded.');
  for (let n = 0; n < openTasks; n++)
    await stores.records.createTask({ ...record.request, taskId: `VideoModeration-open-${n}` }, record.startTime);

  const use = await useDatabase(database);
  const bare = Fastify();
  bare.removeAllContentTypeParsers();
  bare.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const against = { keys: new Map([[key.accessKeyId, key]]), readNonces: recentNonces() };
  bare.post('/', async (incoming) => {
    const asked = readRequest(incoming);
    await authenticate(asked, {
      keys: { find: (id) => Promise.resolve(against.keys.get(id) ?? null) },
      nonces: against.readNonces,
      readNonces: against.readNonces,
      policiesOf: () => [],
      now: Date.now(),
      writes: false,
    });
    const id = asked.query.find(([name]) => name === 'TaskId')?.[1] ?? '';
    return use.db.selectFrom('tasks').selectAll().where('task_id', '=', id).executeTakeFirstOrThrow();
  });
  await bare.listen({ host: '127.0.0.1', port: 0 });
  const { port } = bare.server.address() as AddressInfo;
  return {
    key,
    service: server.endpoint,
    bare: `127.0.0.1:${port}`,
    address: owner.target.address,
    namespace: owner.target.namespace,
    taskId,
    async close() {
      await bare.close();
      await use.close();
      await server.close();
      sources.close();
      await nonces.close();
      await keys.close();
      await client.connection.close();
      await stores.records.close();
      await owner.release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function moderated(endpoint: string, key: AccessKey): Promise<string> {
  const created = await call(endpoint, key, 'CreateVideoModerationTask', {
    SourceURI: 'oss://samples/cockatoo.mp4',
    Scenes: '["porn"]',
  });
  const named = { TaskType: 'VideoModeration', TaskId: String(created['TaskId']) };
  for (;;) {
    const { Status } = await call(endpoint, key, 'GetVideoModerationResult', named);
    if (Status === 'Succeeded') return named.TaskId;
    if (Status !== 'Running') throw new Error(`Expected the task to succeed, it is ${String(Status)}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function call(
  endpoint: string,
  key: AccessKey,
  action: string,
  query: Record<string, string>,
): Promise<Record<string, unknown>> {
  const { path, headers } = signed(key, endpoint, action, query);
  const answer = await fetch(`http://${endpoint}${path}`, { method: 'POST', headers });
  return (await answer.json()) as Record<string, unknown>;
}
