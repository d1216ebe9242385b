import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAccessKey } from '../../src/auth/new-access-key.js';
import { secretBox } from '../../src/auth/secret-box.js';
import { readConfig } from '../../src/config.js';
import { createWorkerDeps, openStores, type Stores } from '../../src/deps.js';
import { createMetrics } from '../../src/metrics.js';
import { becomeOwnerOrAttach, type Owner } from '../../src/owner/owner.js';
import { ServiceConfig } from '../../src/schema/service-config.js';
import { startServer } from '../../src/server.js';
import { settingsOf } from '../../src/service-settings.js';
import { openSources } from '../../src/sources/by-scheme.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { openAccessKeys } from '../../src/store/sqlite/open-access-keys.js';
import { openNonces } from '../../src/store/sqlite/open-nonces.js';
import { connectClient } from '../../src/temporal/connection.js';
import { queuesOf } from '../../src/temporal/queues.js';
import type { TaskClient } from '../../src/temporal/tasks.js';
import { startWorkers, type Workers } from '../../src/worker.js';
import { PROJECT } from '../api/signed.js';

const ACCOUNT = '1';

/** A whole service in a directory of its own, without limits, and with the embedded Temporal server. */
export interface BenchService extends Stores {
  /** `host:port` */
  endpoint: string;
  key: AccessKey;
  owner: Owner;
  tasks: TaskClient;
  /** File of the records. */
  database: string;
  startWorkers(): Promise<Workers & { close(): Promise<void> }>;
  close(): Promise<void>;
}

/** @param databaseUrl of Postgres; `null`: SQLite in the directory */
export async function openBenchService(databaseUrl: string | null = null): Promise<BenchService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  const config = { ...readConfig({ dataDir }), databaseUrl };
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
  const tasks = { client, installation: owner.installation, queues };
  const server = await startServer({
    listen: service.listen,
    settings: () => settings,
    keys,
    nonces,
    records: stores.records,
    blobs: stores.blobs,
    sources,
    banks: stores.banks,
    tasks: () => tasks,
    metrics: createMetrics(),
    notices: () => [],
    log: say,
  });
  return {
    ...stores,
    endpoint: server.endpoint,
    key,
    owner,
    tasks,
    database,
    async startWorkers() {
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
      const close = async (): Promise<void> => {
        await workers.stop();
        await deps.close();
      };
      return { ...workers, close };
    },
    async close() {
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
