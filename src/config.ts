import { availableParallelism } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import envPaths from 'env-paths';
import { z } from 'zod';
import { errorMessage } from './domain/error-code.js';
import { BlobPlaceUrl, type BlobPlace } from './schema/blob-place.js';
import type { TemporalTarget } from './temporal/target.js';

/** From quiet to talkative. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that the surroundings of a process decide. */
export interface Config {
  /** Absolute path of the directory that holds this installation's records, blobs and embedded server. */
  dataDir: string;
  /** `postgresql://…` of the records and access keys; `null`: SQLite files in the data directory. Holds a password: never logged. */
  databaseUrl: string | null;
  /** The S3-compatible store of blobs and banks; `null`: the data directory. Holds a secret: never logged. */
  blobs: BlobPlace | null;
  /** The cluster to use; `null`: the embedded server of the data directory's owner. */
  temporal: TemporalTarget | null;
  /** The browser that tests and `npm run screenshots` drive; `null`: one of the search path. */
  chromiumPath: string | null;
  /** Program names are looked up in `searchPath`. */
  ffmpegPath: string;
  ffprobePath: string;
  /** Directories of PATH. */
  searchPath: string[];
  logLevel: LogLevel;
  /** Whether colour may be used where there is a terminal. */
  colour: boolean;
  /** Threads that run models, 1–256; one core each. */
  inferenceThreads: number;
  /** Absolute path of the directory of an operator's own models; `null`: there are none. */
  ownModelsDir: string | null;
  /** What the secrets of access keys are encrypted with, 32 signs or more; `null`: not set. Never logged. */
  secretKey: string | null;
}

/** What the command line may decide instead of the environment. */
export interface ConfigFlags {
  dataDir?: string | undefined;
  logLevel?: string | undefined;
  threads?: string | undefined;
  models?: string | undefined;
}

/** Thrown when the environment or the flags hold values that cannot be used; names all of them. */
export class InvalidConfigError extends Error {
  override name = 'InvalidConfigError' as const;

  constructor(
    /** One sentence each: which variable, what was expected, what was found. */
    readonly problems: readonly string[],
  ) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string().min(1);
const threads = z
  .string()
  .regex(/^\d{1,3}$/, 'a whole number from 1 to 256')
  .transform(Number)
  .refine((count) => count >= 1 && count <= 256, 'a whole number from 1 to 256');
const logLevel = z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`);
const address = z.string().regex(/^[^\s/]+:\d{1,5}$/, 'host:port, for example temporal.example.org:7233');

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'an address such as postgresql://user@host:5432/framewarden');

const Variables = z.object({
  FRAMEWARDEN_BLOBS_URL: BlobPlaceUrl.optional(),
  FRAMEWARDEN_CHROMIUM: text.optional(),
  FRAMEWARDEN_DATABASE_URL: postgresUrl.optional(),
  FRAMEWARDEN_DATA: text.optional(),
  FRAMEWARDEN_FFMPEG: text.default('ffmpeg'),
  FRAMEWARDEN_FFPROBE: text.default('ffprobe'),
  FRAMEWARDEN_LOG_LEVEL: logLevel.default('warn'),
  FRAMEWARDEN_MODELS: text.optional(),
  FRAMEWARDEN_SECRET_KEY: z.string().min(32, '32 signs of chance or more').optional(),
  FRAMEWARDEN_THREADS: threads.optional(),
  NO_COLOR: text.optional(),
  PATH: text.default(''),
  TEMPORAL_ADDRESS: address.optional(),
});

/**
 * Reads the configuration; flags win over the environment, and a variable that is empty counts as not set.
 * Reaches outside its arguments only for files that Temporal's variables name.
 * @throws {InvalidConfigError}
 */
export function readConfig(flags: ConfigFlags = {}, env: Environment = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  const flagged = {
    FRAMEWARDEN_DATA: flags.dataDir,
    FRAMEWARDEN_LOG_LEVEL: flags.logLevel,
    FRAMEWARDEN_MODELS: flags.models,
    FRAMEWARDEN_THREADS: flags.threads,
  };
  const merged = {
    ...given,
    ...Object.fromEntries(Object.entries(flagged).filter(([, value]) => value !== undefined)),
  };
  const parsed = Variables.safeParse(merged);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, merged));
  const temporal = readTarget(given, problems);
  if (!parsed.success || problems.length > 0) throw new InvalidConfigError(problems);
  const variables = parsed.data;
  return {
    databaseUrl: variables.FRAMEWARDEN_DATABASE_URL ?? null,
    blobs: variables.FRAMEWARDEN_BLOBS_URL ?? null,
    dataDir: resolve(variables.FRAMEWARDEN_DATA ?? envPaths('framewarden', { suffix: '' }).data),
    temporal,
    chromiumPath: variables.FRAMEWARDEN_CHROMIUM ?? null,
    ffmpegPath: variables.FRAMEWARDEN_FFMPEG,
    ffprobePath: variables.FRAMEWARDEN_FFPROBE,
    searchPath: variables.PATH.split(delimiter).filter(Boolean),
    logLevel: variables.FRAMEWARDEN_LOG_LEVEL,
    colour: variables.NO_COLOR === undefined,
    inferenceThreads: variables.FRAMEWARDEN_THREADS ?? availableParallelism(),
    ownModelsDir: variables.FRAMEWARDEN_MODELS === undefined ? null : resolve(variables.FRAMEWARDEN_MODELS),
    secretKey: variables.FRAMEWARDEN_SECRET_KEY ?? null,
  };
}

/** The variables that an operator's file may refer to for its secrets. */
export function environment(): Environment {
  return process.env;
}

/**
 * Keeps ONNX Runtime from sending usage data to its maker and from keeping an id of this machine, which its official builds do from 1.29 on.
 * To be called on the main thread before the first model is loaded; what is moderated here is nobody else's business.
 * The S3 client's advice to its developers on versions of Node is not printed either.
 */
export function forbidTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}

/** Whose values are not to be seen in messages. */
const SECRET: ReadonlySet<string> = new Set([
  'FRAMEWARDEN_SECRET_KEY',
  'FRAMEWARDEN_DATABASE_URL',
  'FRAMEWARDEN_BLOBS_URL',
]);

const FLAG_OF: Record<string, string> = {
  FRAMEWARDEN_DATA: '--data',
  FRAMEWARDEN_LOG_LEVEL: '--log-level',
  FRAMEWARDEN_MODELS: '--models',
  FRAMEWARDEN_THREADS: '--threads',
};

function describe(issue: z.core.$ZodIssue, values: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  const flag = FLAG_OF[name];
  const subject = flag === undefined ? name : `${name} (${flag})`;
  if (SECRET.has(name)) return `${subject}: expected ${issue.message}, got ${values[name]?.length ?? 0} signs.`;
  const expected = issue.code === 'too_small' ? 'a text that is not empty' : issue.message;
  return `${subject}: expected ${expected}, got ${JSON.stringify(values[name])}.`;
}

/** The variables are those of Temporal's own tools, so that one environment serves them all. */
function readTarget(env: Record<string, string>, problems: string[]): TemporalTarget | null {
  const namesFile = env['TEMPORAL_PROFILE'] !== undefined || env['TEMPORAL_CONFIG_FILE'] !== undefined;
  if (env['TEMPORAL_ADDRESS'] === undefined && !namesFile) return null;
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ disableFile: !namesFile, overrideEnvVars: env });
    if (connectionOptions.address === undefined) {
      problems.push('TEMPORAL_PROFILE: expected a profile with an address, got one without; or set TEMPORAL_ADDRESS.');
      return null;
    }
    return {
      address: connectionOptions.address,
      namespace: namespace ?? 'default',
      tls: connectionOptions.tls ?? false,
      apiKey: typeof connectionOptions.apiKey === 'string' ? connectionOptions.apiKey : null,
      metadata: textsOf(connectionOptions.metadata ?? {}),
    };
  } catch (error) {
    problems.push(`TEMPORAL_*: ${errorMessage(error)}.`);
    return null;
  }
}

function textsOf(metadata: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
