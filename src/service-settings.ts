import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ConsoleSettings, Project, ServiceSettings } from './api/service.js';
import { durationMs } from './domain/duration.js';
import { describeIssue } from './describe-issue.js';
import { errorCode, errorMessage } from './domain/error-code.js';
import { RETENTION_MS } from './domain/retention.js';
import { valueAt } from './domain/value-at.js';
import { InvalidOwnModelsError } from './detectors/own-model/read-own-models.js';
import { readOwnDetectors } from './own-models.js';
import { loadPolicy } from './policy.js';
import type { TopicDestination } from './schema/notification.js';
import { configuredId, DeliveryConfig } from './schema/notification-config.js';
import type { RamPolicy } from './schema/ram-policy.js';
import { resolveReferences, type Resolving } from './resolve-references.js';
import { ServiceConfig } from './schema/service-config.js';
import { referenceFaults } from './schema/service-references.js';

/** What a shift is taken for where no budget is set. */
const DEFAULT_SHIFT_HOURS = 8;

/** A message goes with the retention, counted from when it was made: a day is left for those that wait behind an earlier one of their task. */
const MOST_RETRY_MS = RETENTION_MS - 24 * 3_600_000;

/** Thrown when a file does not hold the configuration of a service; says every place that is wrong. */
export class InvalidServiceConfigError extends Error {
  override name = 'InvalidServiceConfigError' as const;

  constructor(
    readonly path: string,
    /** One sentence each: where, what was expected, what was found. */
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      `${path} is no configuration of a service:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      options,
    );
  }
}

/** A configuration and what it was read relative to. */
export interface LoadedServiceConfig {
  config: ServiceConfig;
  settings: ServiceSettings;
}

/**
 * Reads the operator's configuration with everything that it refers to. `{env: NAME}` and `{file: path}` stand for secrets kept elsewhere.
 * @throws {InvalidServiceConfigError} naming all faults at once
 */
export async function loadServiceConfig(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedServiceConfig> {
  const resolving: Resolving = { env, folder: dirname(path), at: [], problems: [], unresolved: [] };
  const raw = await resolveReferences(await readYaml(path), resolving);
  const parsed = ServiceConfig.safeParse(raw);
  // Where the shape is wrong anywhere, the library looks no further by itself.
  const issues = parsed.success ? [] : [...parsed.error.issues, ...referenceFaults(raw)];
  const problems = new Set([
    ...resolving.problems,
    ...issues.filter(({ path: at }) => !follows(at, resolving.unresolved)).map((issue) => describeIssue(issue, raw)),
    ...patienceFaults(raw),
    ...(await fileFaults(raw, dirname(path), env)),
  ]);
  if (!parsed.success || problems.size > 0) throw new InvalidServiceConfigError(path, [...problems]);
  return { config: parsed.data, settings: await settingsOf(parsed.data, dirname(path)) };
}

/** Whether a fault lies where a reference leads nowhere. */
function follows(at: readonly PropertyKey[], unresolved: readonly (string | number)[][]): boolean {
  return unresolved.some((place) => place.every((key, index) => at[index] === key));
}

function patienceFaults(raw: unknown): string[] {
  const delivery = DeliveryConfig.safeParse(valueAt(raw, ['notifications']) ?? {});
  if (!delivery.success || durationMs(delivery.data.retryFor) <= MOST_RETRY_MS) return [];
  return [
    `notifications.retryFor: expected at most 6d, since messages are kept for 7 days, got ${delivery.data.retryFor}.`,
  ];
}

/** What is wrong with the files that a configuration names, whatever else is wrong with it. */
async function fileFaults(raw: unknown, folder: string, env: Resolving['env']): Promise<string[]> {
  const { projects, models } = FilesNamed.parse(raw);
  const policies = projects.map(async ({ policy }, index) => {
    if (policy === undefined) return [];
    try {
      await loadPolicy(resolve(folder, policy));
      return [];
    } catch (error) {
      return [`projects.${index}.policy: ${errorMessage(error)}`];
    }
  });
  const found = await Promise.all(policies);
  if (models !== undefined)
    await readOwnDetectors(resolve(folder, models), env).catch((error: unknown) => {
      if (!(error instanceof InvalidOwnModelsError)) throw error;
      found.push(error.problems.map((problem) => `models: ${problem}`));
    });
  return found.flat();
}

const fileName = z.string().min(1).optional().catch(undefined);
/** The files that a configuration names, as far as it can be read. */
const FilesNamed = z
  .object({
    projects: z.array(z.object({ policy: fileName }).catch({ policy: undefined })).catch([]),
    models: fileName,
  })
  .catch({ projects: [], models: undefined });

/**
 * What operations need of a configuration.
 * @throws {InvalidPolicyError} of a file that it names
 */
export async function settingsOf(config: ServiceConfig, folder: string): Promise<ServiceSettings> {
  const topics = new Map(config.topics.map((topic) => [configuredId(topic), topic]));
  const destinationOf = (id: string): TopicDestination => {
    const topic = topics.get(id);
    if (topic === undefined) throw new TypeError(`Expected the topic ${id} to be configured`);
    return { kind: 'topic', topic: topic.name, instance: topic.instance ?? null, format: topic.format };
  };
  const projects = await Promise.all(
    config.projects.map(async ({ name, account, policy, sampling, limits, notify, review }): Promise<Project> => ({
      ...{ name, account, sampling, ...limits },
      ...{ notify: notify.map(destinationOf), reviewers: review.notify.map(destinationOf) },
      ...(await loadPolicy(policy === undefined ? undefined : resolve(folder, policy))),
    })),
  );
  const policies = new Map<string, readonly RamPolicy[]>(
    config.accounts.flatMap(({ id, users }) => users.map((user) => [`${id}/${user.name}`, user.policies])),
  );
  return {
    region: config.region,
    projects: new Map(projects.map((project) => [project.name, project])),
    policiesOf: (accountId, userName) => (userName === null ? [] : (policies.get(`${accountId}/${userName}`) ?? [])),
    sources: config.sources,
    topics,
    delivery: config.notifications,
    console: consoleSettings(config.console),
    ownModelsDir: config.models === undefined ? null : resolve(folder, config.models),
  };
}

function consoleSettings({ publicUrl, sessionHours, exposure, oidc }: ServiceConfig['console']): ConsoleSettings {
  return {
    publicUrl: publicUrl ?? null,
    idleMs: sessionHours * 3_600_000,
    exposure: {
      budgetSeconds: exposure === undefined ? null : exposure.minutes * 60,
      shiftHours: exposure?.hours ?? DEFAULT_SHIFT_HOURS,
    },
    oidc: oidc ?? null,
  };
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const problem = errorCode(cause) === 'ENOENT' ? 'there is no such file.' : errorMessage(cause);
    throw new InvalidServiceConfigError(path, [problem], { cause });
  }
}
