import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ConsoleSettings, Project, ServiceSettings } from './api/service.js';
import { durationMs } from './domain/duration.js';
import { describeIssue } from './describe-issue.js';
import { errorMessage } from './domain/error-code.js';
import { RETENTION_MS } from './domain/retention.js';
import { InvalidOwnModelsError } from './detectors/own-model/read-own-models.js';
import { readOwnDetectors } from './own-models.js';
import { loadPolicy } from './policy.js';
import type { TopicDestination } from './schema/notification.js';
import { configuredId } from './schema/notification-config.js';
import type { RamPolicy } from './schema/ram-policy.js';
import { ServiceConfig } from './schema/service-config.js';

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
  const problems: string[] = [];
  const raw = await resolveReferences(await readYaml(path), { env, folder: dirname(path), at: [], problems });
  const parsed = ServiceConfig.safeParse(raw);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describeIssue(issue, raw)));
  if (!parsed.success || problems.length > 0) throw new InvalidServiceConfigError(path, problems);
  const { retryFor } = parsed.data.notifications;
  if (durationMs(retryFor) > MOST_RETRY_MS)
    problems.push(`notifications.retryFor: expected at most 6d, since messages are kept for 7 days, got ${retryFor}`);
  const settings = await settingsOf(parsed.data, dirname(path), problems);
  if (settings.ownModelsDir !== null)
    await readOwnDetectors(settings.ownModelsDir, env).catch((error: unknown) => {
      if (!(error instanceof InvalidOwnModelsError)) throw error;
      problems.push(...error.problems.map((problem) => `models: ${problem}`));
    });
  if (problems.length > 0) throw new InvalidServiceConfigError(path, problems);
  return { config: parsed.data, settings };
}

/** What operations need of a configuration. Faults of the files that it names are added to `problems`. */
export async function settingsOf(
  config: ServiceConfig,
  folder: string,
  problems: string[] = [],
): Promise<ServiceSettings> {
  const topics = new Map(config.topics.map((topic) => [configuredId(topic), topic]));
  const destinationOf = (id: string): TopicDestination => {
    const topic = topics.get(id);
    if (topic === undefined) throw new TypeError(`Expected the topic ${id} to be configured`);
    return { kind: 'topic', topic: topic.name, instance: topic.instance ?? null, format: topic.format };
  };
  const projects = await Promise.all(
    config.projects.map(
      async ({ name, account, policy, sampling, limits, notify, review }, index): Promise<Project | null> => {
        try {
          const loaded = await loadPolicy(policy === undefined ? undefined : resolve(folder, policy));
          const told = { notify: notify.map(destinationOf), reviewers: review.notify.map(destinationOf) };
          return { name, account, sampling, ...limits, ...told, ...loaded };
        } catch (error) {
          problems.push(`projects.${index}.policy: ${errorMessage(error)}`);
          return null;
        }
      },
    ),
  );
  const policies = new Map<string, readonly RamPolicy[]>(
    config.accounts.flatMap(({ id, users }) => users.map((user) => [`${id}/${user.name}`, user.policies])),
  );
  return {
    region: config.region,
    projects: new Map(projects.flatMap((project) => (project === null ? [] : [[project.name, project]]))),
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
    throw new InvalidServiceConfigError(path, [errorMessage(cause)], { cause });
  }
}

interface Resolving {
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  at: readonly (string | number)[];
  problems: string[];
}

const EnvReference = z.strictObject({ env: z.string().min(1) });
const FileReference = z.strictObject({ file: z.string().min(1) });

/** The same tree with every reference replaced by what it refers to, so that secrets need not stand in the file. */
async function resolveReferences(value: unknown, context: Resolving): Promise<unknown> {
  const { at, env, folder, problems } = context;
  const named = EnvReference.safeParse(value);
  if (named.success) {
    const found = env[named.data.env];
    if (!found) problems.push(`${at.join('.')}: expected the variable ${named.data.env} to be set, it is not.`);
    return found ?? '';
  }
  const kept = FileReference.safeParse(value);
  if (kept.success) {
    const path = resolve(folder, kept.data.file);
    try {
      return (await readFile(path, 'utf8')).trimEnd();
    } catch (error) {
      problems.push(`${at.join('.')}: expected ${path} to be readable: ${errorMessage(error)}.`);
      return '';
    }
  }
  if (Array.isArray(value))
    return Promise.all(value.map((each, index) => resolveReferences(each, { ...context, at: [...at, index] })));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await resolveReferences(each, { ...context, at: [...at, key] })] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
