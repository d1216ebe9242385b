import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAccessKey } from '../../src/auth/new-access-key.js';
import { secretBox } from '../../src/auth/secret-box.js';
import type { WorkerDeps } from '../../src/deps.js';
import { createMetrics } from '../../src/metrics.js';
import { createSender } from '../../src/notify/sender.js';
import { ServiceConfig } from '../../src/schema/service-config.js';
import { startServer } from '../../src/server.js';
import { settingsOf } from '../../src/service-settings.js';
import { ownDetectors } from '../../src/own-models.js';
import { openSources } from '../../src/sources/by-scheme.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { openAccessKeys } from '../../src/store/sqlite/open-access-keys.js';
import { openNonces } from '../../src/store/sqlite/open-nonces.js';
import { ROOT } from './build.js';
import { CLIPS } from './clips.js';
import { openInstallation, type TestInstallation } from './installation.js';

export const ACCOUNT = '1234567890123456';
export const PROJECT = 'demo';

/** A whole service in a directory of its own, with API and, once they are started, workers. */
export interface TestService {
  /** `host:port` */
  readonly endpoint: string;
  /** Ends the HTTP face with all that it remembers, and starts another one on the same data, elsewhere. */
  restart(): Promise<void>;
  /** Of the account's owner. */
  key: AccessKey;
  installation: TestInstallation;
  /** Makes an access key for the owner or a user of the account, or of another one. */
  newKey(given: { userName?: string; accountId?: string; temporary?: boolean }): Promise<AccessKey>;
  disable(accessKeyId: string): Promise<boolean>;
  log: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts one; the configuration has the project `demo` and the buckets `samples` and `clips`, and what is given. `change` is that of {@link openInstallation}. */
export async function openService(
  given: Partial<Record<keyof ServiceConfig, unknown>> = {},
  change: (deps: WorkerDeps) => WorkerDeps = (deps) => deps,
): Promise<TestService> {
  const config = ServiceConfig.parse({
    version: 1,
    listen: { port: 0 },
    accounts: [{ id: ACCOUNT }],
    projects: [{ name: PROJECT, account: ACCOUNT, limits: { requestsPerSecond: 100_000 } }],
    sources: {
      buckets: [
        { match: 'samples', directory: join(ROOT, 'samples') },
        { match: 'clips', directory: CLIPS },
      ],
    },
    ...given,
  });
  const settings = await settingsOf(config, ROOT);
  const cacheDir = await mkdtemp(join(tmpdir(), 'framewarden-sources-'));
  const sources = openSources(() => settings.sources, cacheDir);
  const installation = await openInstallation(
    (deps) => change({ ...deps, sources, sender: createSender(() => settings) }),
    settings.ownModelsDir ?? undefined,
  );
  const { dataDir } = installation.config;
  const keys = await openAccessKeys(join(dataDir, 'framewarden.db'), secretBox(randomBytes(32).toString('hex')));
  const log: Record<string, unknown>[] = [];
  const open = async () => {
    const nonces = await openNonces(join(dataDir, 'nonces.db'));
    const server = await startServer({
      listen: config.listen,
      settings: () => settings,
      keys,
      nonces,
      records: installation.records,
      blobs: installation.blobs,
      sources,
      banks: installation.banks,
      own: await ownDetectors(settings.ownModelsDir, {}),
      tasks: () => installation.tasks,
      metrics: createMetrics(),
      notices: () => [],
      log: (level, message, fields) => log.push({ level, message, ...fields }),
    });
    const close = async (): Promise<void> => {
      await server.close();
      await nonces.close();
    };
    return { endpoint: server.endpoint, close };
  };
  let face = await open();
  const newKey: TestService['newKey'] = async ({ userName, accountId = ACCOUNT, temporary = false }) => {
    const key = newAccessKey({ accountId, userName: userName ?? null, temporary }, Date.now());
    await keys.create(key);
    return key;
  };
  return {
    get endpoint() {
      return face.endpoint;
    },
    async restart() {
      await face.close();
      face = await open();
    },
    key: await newKey({}),
    installation,
    newKey,
    disable: (id) => keys.disable(id),
    log,
    async close() {
      await face.close();
      await keys.close();
      sources.close();
      await installation.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
