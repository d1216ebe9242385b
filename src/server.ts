import type { FastifyInstance } from 'fastify';
import { createApp } from './api/app.js';
import type { ConsoleService } from './api/console/service.js';
import { BegunTasks } from './api/imm/begun-tasks.js';
import { openSavedPolicies } from './api/saved-policies.js';
import type { Service, ServiceSettings } from './api/service.js';
import { cachedKeys } from './auth/cached-keys.js';
import { recentNonces } from './auth/recent-nonces.js';
import { errorCode } from './domain/error-code.js';
import type { DetectorFamily } from './detectors/detector.js';
import { detectorInfos } from './detectors/registry.js';
import type { DetectorInfo } from './schema/detector-info.js';
import { builtFile } from './paths.js';
import type { ServiceConfig } from './schema/service-config.js';
import type { BankStore } from './store/banks.js';
import type { BlobStore } from './store/blobs.js';
import type { Metrics } from './metrics.js';
import type { AccessKeyStore } from './store/access-keys.js';
import type { NonceStore } from './store/nonces.js';
import type { RecordStore } from './store/records.js';
import type { TaskClient } from './temporal/tasks.js';

/** Longest wait for Temporal to say that it is there, in milliseconds. */
const READY_MS = 1500;
/** How long requests under way may take when the server ends, in milliseconds: longer than any client waits. */
const GRACE_MS = 5000;
const IDLE_POLL_MS = 50;
/** The digest of nothing that is kept: asking for it shows that the store answers. */
const NO_BLOB = '0'.repeat(64);

/** What the HTTP face stands on; who gives it closes it, after the server. */
export interface ServerDeps {
  listen: ServiceConfig['listen'];
  settings: () => ServiceSettings;
  keys: AccessKeyStore;
  nonces: NonceStore;
  records: RecordStore;
  tasks: () => TaskClient;
  /** Aborted, with the reason, once the workers of this process failed for good; absent: it runs none. */
  failed?: AbortSignal;
  log: Service['log'];
  metrics: Metrics;
  blobs: BlobStore;
  sources: ConsoleService['sources'];
  banks: Pick<BankStore, 'current'>;
  /** The operator's own detectors; absent: none. */
  own?: readonly DetectorFamily[];
  /** Folder of the console's page; absent: where it is built to. */
  pageDir?: string;
  /** What keeps the service from working as well as it could, a sentence each. */
  notices: () => string[];
}

/** A server that listens. */
export interface RunningServer {
  /** `host:port`, as clients want their endpoint. */
  endpoint: string;
  /** Takes no more requests, answers those under way, and closes. */
  close(): Promise<void>;
}

/**
 * Starts the HTTP face of a service.
 * @throws {PortTakenError} and what else listening threw
 */
export async function startServer({
  listen,
  settings,
  keys,
  nonces,
  records,
  blobs,
  sources,
  banks,
  own = [],
  pageDir = builtFile('console'),
  tasks,
  failed,
  metrics,
  notices,
  log,
}: ServerDeps): Promise<RunningServer> {
  const readNonces = recentNonces();
  const savedPolicies = await openSavedPolicies(records.policies, log);
  const service: Service & ConsoleService = {
    settings: () => savedPolicies.over(settings()),
    keys: cachedKeys(keys),
    nonces,
    readNonces,
    records,
    begunTasks: new BegunTasks(records),
    tasks,
    detectorsFor: rememberedDetectors({ banks, own }),
    metrics,
    blobs,
    sources,
    savedPolicies,
    pageDir,
    readiness: {
      temporal: () => tasks().client.connection.withDeadline(Date.now() + READY_MS, () => describe(tasks())),
      store: () => records.findTask(''),
      blobs: () => blobs.has(NO_BLOB),
      ...(failed === undefined
        ? {}
        : {
            workers: () => {
              failed.throwIfAborted();
            },
          }),
    },
    notices,
    log,
  };
  const app = createApp(service, listen);
  await listenOn(app, listen);
  return {
    endpoint: endpointOf(app, listen.host),
    async close() {
      await closeInGrace(app);
      savedPolicies.close();
      await readNonces.close();
    },
  };
}

/** Clients keep connections open after an answer; one that becomes idle while the server closes would hold it up for more than a minute. */
async function closeInGrace(app: FastifyInstance): Promise<void> {
  const { server } = app;
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_POLL_MS);
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

/** Thrown when another program listens where the service should. */
export class PortTakenError extends Error {
  override name = 'PortTakenError' as const;

  constructor(
    readonly host: string,
    readonly port: number,
    options: ErrorOptions,
  ) {
    super(
      `Expected port ${port} of ${host} to be free, but another program listens there: end it, or choose another with --port (0: any that is free).`,
      options,
    );
  }
}

async function listenOn(app: FastifyInstance, { host, port }: ServiceConfig['listen']): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw errorCode(cause) === 'EADDRINUSE' ? new PortTakenError(host, port, { cause }) : cause;
  }
}

/** Sets of scenes and versions of banks of which it is remembered what detectors say of themselves. */
const MOST_REMEMBERED = 200;

/** Manifests of models do not change while a process runs; banks do, and each task names what they are when it starts. */
function rememberedDetectors({ banks, own }: Pick<ServerDeps, 'banks' | 'own'>): Service['detectorsFor'] {
  const known = new Map<string, Promise<DetectorInfo[]>>();
  return async (scenes, projectName) => {
    const current = await banks.current(projectName, scenes);
    const key = JSON.stringify([scenes, current]);
    const infos = known.get(key) ?? detectorInfos(scenes, current, undefined, own);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, infos);
    infos.catch(() => known.delete(key));
    return { detectors: await infos, banks: current };
  };
}

function endpointOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected the server to listen on a port.');
  return `${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

function describe({ client }: TaskClient): Promise<unknown> {
  return client.workflowService.describeNamespace({ namespace: client.options.namespace });
}
