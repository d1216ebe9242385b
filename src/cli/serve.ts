import { join } from 'node:path';
import { newLink } from '../auth/console/new-link.js';
import { newAccessKey, DEV_ACCOUNT_ID } from '../auth/new-access-key.js';
import { secretBox } from '../auth/secret-box.js';
import { secretKey } from '../auth/secret-key.js';
import { environment } from '../config.js';
import { openKeys, openNonceStore } from '../deps.js';
import { createSender } from '../notify/sender.js';
import { createMetrics } from '../metrics.js';
import type { ServiceSettings } from '../api/service.js';
import { errorMessage } from '../domain/error-code.js';
import type { Say } from '../setup/say.js';
import { observeTurns, turnsProblem } from '../temporal/turns.js';
import { ownDetectors } from '../own-models.js';
import { packageRoot } from '../paths.js';
import { SCENES } from '../schema/scene.js';
import { ServiceConfig } from '../schema/service-config.js';
import { startServer, type RunningServer } from '../server.js';
import { changesForNextStart } from '../service-changes.js';
import { loadServiceConfig, settingsOf, type LoadedServiceConfig } from '../service-settings.js';
import { openSources } from '../sources/by-scheme.js';
import type { AccessKey, AccessKeyStore } from '../store/access-keys.js';
import type { MemberStore } from '../store/members.js';
import { aborted } from './aborted.js';
import type { CommandContext } from './command.js';
import { devHelp } from './dev-help.js';
import { everyStep } from './every-step.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { logAuditHeads } from './log-audit-heads.js';
import { openSession, type Session } from './session.js';
import { tidy } from './tidy.js';
import { UsageError } from './usage-error.js';

export interface ServeOptions {
  /** Needs no configuration: project `demo`, bucket `samples`, one access key. */
  dev?: boolean;
  /** File of the operator's configuration. */
  config?: string;
  /** Instead of the configured one; 0 takes a free one. */
  port?: number;
  /** One line of JSON on stdout instead of an explanation. */
  json?: boolean;
}

/** Project of a development server. */
const DEV_PROJECT = 'demo';

/** `framewarden serve`: API and workers of one data directory in one process, until interrupted. Throws why when one of its workers failed for good. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<ExitCode> {
  const { say, interrupt } = context;
  const { config: service, settings } = await serviceConfig(context, options);
  const config = { ...context.config, ownModelsDir: settings.ownModelsDir ?? context.config.ownModelsDir };
  const own = await ownDetectors(config.ownModelsDir, environment());
  const current = { settings };
  const notices: string[] = [];
  const box = secretBox(
    await secretKey({
      configured: config.secretKey,
      dataDir: config.dataDir,
      fallback: options.dev === true ? 'make' : 'none',
    }),
  );
  const metrics = createMetrics();
  const sources = openSources(() => current.settings.sources, join(config.dataDir, 'sources'));
  const sender = createSender(
    () => current.settings,
    (outcome) => {
      metrics.notification(outcome);
    },
  );
  const reach = { sources, sender, meter: metrics };
  const session = await openSession(config, say, interrupt, { scenes: SCENES, service: reach });
  const opened: { close(): Promise<void> }[] = [];
  let tidying: Promise<void> = Promise.resolve();
  try {
    const keys = await openKeys(config, box);
    opened.unshift(keys);
    const nonces = await openNonceStore(config);
    opened.unshift(nonces);
    const server = await startServer({
      listen: { ...service.listen, port: options.port ?? service.listen.port },
      settings: () => current.settings,
      keys,
      nonces,
      records: session.records,
      blobs: session.blobs,
      sources,
      banks: session.banks,
      own,
      metrics,
      notices: () => notices,
      tasks: () => session.tasks(),
      failed: session.failed,
      log: (level, message, fields) => {
        session.log(message, { level, ...fields });
      },
    });
    opened.unshift(server);
    if (options.config !== undefined) reloadOnHangUp(options.config, service, current, say);
    // A look at every open task: nobody has to wait for that.
    tidying = tidy(session, interrupt).then(() =>
      config.temporal === null ? undefined : lookAtTurns(session, notices),
    );
    const stopLogging = logAuditHeads(session);
    opened.unshift({
      close: () => {
        stopLogging();
        return Promise.resolve();
      },
    });
    const links = await consoleLinks(session.records.members, server, settings);
    announce(context, server, links, options.dev === true ? await devKey(keys) : null, options);
    await aborted(AbortSignal.any([interrupt, session.failed]));
    say('Ending: requests under way are answered, work under way is checkpointed.');
    // What supervises the process starts it anew, with workers that poll: an API that only accepts would be of no use.
    if (!interrupt.aborted) session.failed.throwIfAborted();
    return EXIT_CODES.pass;
  } finally {
    await everyStep([
      ...opened.map((part) => () => part.close()),
      () => tidying,
      () => session.close(),
      () => {
        sources.close();
      },
    ]);
  }
}

/** Takes the configuration as it is now on every SIGHUP, and says what of it has to wait for the next start; one that is wrong changes nothing. */
function reloadOnHangUp(path: string, started: ServiceConfig, current: { settings: ServiceSettings }, say: Say): void {
  // Without a terminal to lose, the signal means what operators use it for.
  process.removeAllListeners('SIGHUP');
  process.on('SIGHUP', () => {
    loadServiceConfig(path, environment()).then(
      ({ config, settings }) => {
        current.settings = settings;
        const later = changesForNextStart(started, config);
        say(`${path} is in force.${later.length === 0 ? '' : ` From the next start on: ${later.join(', ')}.`}`);
      },
      (error: unknown) => {
        say(`The configuration stays as it was. ${errorMessage(error)}`);
      },
    );
  });
}

/** Somebody else's cluster may be set up otherwise than ours: operators are told, and the service works all the same. */
async function lookAtTurns(session: Session, notices: string[]): Promise<void> {
  try {
    const problem = turnsProblem(await observeTurns(session.tasks().client));
    if (problem === null) return;
    notices.push(problem);
    session.log(problem, { level: 'warn' });
  } catch (error) {
    session.log('Whether the cluster serves projects in turns could not be found out', {
      level: 'warn',
      error: errorMessage(error),
    });
  }
}

async function serviceConfig(
  { cwd }: CommandContext,
  { dev, config: path }: ServeOptions,
): Promise<LoadedServiceConfig> {
  if (dev === true && path !== undefined)
    throw new UsageError('Expected either --dev, which needs no configuration, or --config FILE.');
  if (path !== undefined) return loadServiceConfig(path, environment());
  if (dev !== true)
    throw new UsageError(
      'Expected --config FILE with the configuration of the service, or --dev to try it without one.',
    );
  const config = ServiceConfig.parse({
    version: 1,
    accounts: [{ id: DEV_ACCOUNT_ID }],
    projects: [{ name: DEV_PROJECT, account: DEV_ACCOUNT_ID }],
    sources: { buckets: [{ match: 'samples', directory: join(packageRoot, 'samples') }] },
  });
  return { config, settings: await settingsOf(config, cwd) };
}

/** The key of a development server: made at its first start, the same ever after. */
async function devKey(keys: AccessKeyStore): Promise<AccessKey> {
  const listed = (await keys.list()).find(
    ({ accountId, userName, status, temporary }) =>
      accountId === DEV_ACCOUNT_ID && userName === null && status === 'Active' && !temporary,
  );
  const known = listed === undefined ? null : await keys.find(listed.accessKeyId);
  if (known !== null) return known;
  const key = newAccessKey({ accountId: DEV_ACCOUNT_ID, userName: null }, Date.now());
  await keys.create(key);
  return key;
}

/** Where the review console is, and what its first admin opens. */
interface ConsoleLinks {
  consoleUrl: string;
  /** `null`: there is an admin. */
  firstAdminUrl: string | null;
}

/** Whoever sees what the service prints becomes the first admin of its console: each start makes a link of its own while there is none. */
async function consoleLinks(
  members: MemberStore,
  { endpoint }: RunningServer,
  { console: { publicUrl } }: ServiceSettings,
): Promise<ConsoleLinks> {
  // Listening everywhere is no address to go to.
  const here = endpoint.replace(/^(0\.0\.0\.0|\[::\])(?=:)/, 'localhost');
  const origin = publicUrl === null ? `http://${here}` : new URL(publicUrl).origin;
  const consoleUrl = `${origin}/review/`;
  if (await members.hasAdmin()) return { consoleUrl, firstAdminUrl: null };
  const { link, path } = newLink({ purpose: 'first-admin', name: null, role: 'admin', projects: null }, Date.now());
  await members.keepLink(link);
  return { consoleUrl, firstAdminUrl: `${origin}${path}` };
}

function announce(
  { print, config, say }: CommandContext,
  { endpoint }: RunningServer,
  { consoleUrl, firstAdminUrl }: ConsoleLinks,
  key: AccessKey | null,
  { json }: ServeOptions,
): void {
  if (json === true) {
    const access =
      key === null ? {} : { accessKeyId: key.accessKeyId, accessKeySecret: key.secret, project: DEV_PROJECT };
    print(`${JSON.stringify({ endpoint, ...access, consoleUrl, firstAdminUrl })}\n`);
    return;
  }
  say(`Serving on http://${endpoint}, data in ${config.dataDir}. Ctrl-C ends it.`);
  say(
    firstAdminUrl === null
      ? `Review console: ${consoleUrl}`
      : `Review console: nobody can manage its members yet. Whoever opens this within 24 hours can, once: ${firstAdminUrl}`,
  );
  if (key !== null) print(devHelp({ endpoint, project: DEV_PROJECT, key }));
}
