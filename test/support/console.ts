import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { openStores } from '../../src/deps.js';
import { createMetrics } from '../../src/metrics.js';
import type { Role } from '../../src/schema/member.js';
import { ServiceConfig } from '../../src/schema/service-config.js';
import { startServer } from '../../src/server.js';
import { settingsOf } from '../../src/service-settings.js';
import { openSources } from '../../src/sources/by-scheme.js';
import type { RecordStore } from '../../src/store/records.js';
import { secretBox } from '../../src/auth/secret-box.js';
import { openAccessKeys } from '../../src/store/sqlite/open-access-keys.js';
import { openNonces } from '../../src/store/sqlite/open-nonces.js';
import { Browser } from './browser.js';
import { ROOT } from './build.js';
import { newMember } from './console-member.js';
import { ACCOUNT } from './service.js';

/** The HTTP face on stores in a directory of its own, with nobody who works on tasks: enough for everything about members. */
export interface TestConsole {
  endpoint: string;
  records: RecordStore;
  log: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts one; the configuration has the projects `a` and `b`, and what is given. `pageDir` is where the page lies, unless where it is built to. */
export async function openConsole(
  given: Partial<Record<keyof ServiceConfig, unknown>> = {},
  pageDir?: string,
): Promise<TestConsole> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-console-'));
  const config = ServiceConfig.parse({
    version: 1,
    listen: { port: 0 },
    accounts: [{ id: ACCOUNT }],
    projects: [
      { name: 'a', account: ACCOUNT },
      { name: 'b', account: ACCOUNT },
    ],
    sources: {},
    ...given,
  });
  const settings = await settingsOf(config, ROOT);
  const { records, blobs, banks } = await openStores(readConfig({ dataDir }));
  const keys = await openAccessKeys(join(dataDir, 'framewarden.db'), secretBox('0'.repeat(64)));
  const nonces = await openNonces(join(dataDir, 'nonces.db'));
  const sources = openSources(() => settings.sources, join(dataDir, 'sources'));
  const log: Record<string, unknown>[] = [];
  const server = await startServer({
    listen: config.listen,
    settings: () => settings,
    ...{ keys, nonces, records, blobs, banks, sources },
    tasks: () => {
      throw new Error('There is no Temporal server.');
    },
    metrics: createMetrics(),
    ...(pageDir === undefined ? {} : { pageDir }),
    notices: () => [],
    log: (level, message, fields) => log.push({ level, message, ...fields }),
  });
  return {
    endpoint: server.endpoint,
    records,
    log,
    async close() {
      await server.close();
      sources.close();
      for (const part of [nonces, keys, records]) await part.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A browser in which a new member is signed in, whose password is {@link PASSWORD}. */
export async function joined(
  { endpoint, records }: Pick<TestConsole, 'endpoint' | 'records'>,
  name: string,
  role: Role = 'reviewer',
  projects: string[] | null = null,
): Promise<Browser> {
  const { token, csrfToken } = await newMember(records, name, role, projects);
  const browser = new Browser(endpoint);
  browser.cookies.set('framewarden-session', token);
  browser.csrfToken = csrfToken;
  return browser;
}
