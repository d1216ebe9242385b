import { environment } from '../config.js';
import type { TemporalTarget } from '../temporal/target.js';
import { loadServiceConfig } from '../service-settings.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';

/** The file may be right where the key is not set: it is checked where files are written, too. */
const SECRET_KEY_MISSING =
  'FRAMEWARDEN_SECRET_KEY is not set here: `serve --config` and `key create` need it (`openssl rand -hex 32`), always the same.';

/**
 * `framewarden config check FILE`: says that the configuration can be used, or everything that keeps it from it; and of a cluster that is named by the environment
 * whether it can be reached and heeds what projects share it by.
 */
export async function configCheck({ print, say, config: here }: CommandContext, file: string): Promise<ExitCode> {
  const { config, settings } = await loadServiceConfig(file, environment());
  const { accounts, projects, topics } = config;
  const dir = settings.ownModelsDir ?? here.ownModelsDir;
  const models = dir === null ? [] : await (await import('../own-models.js')).readOwnDetectors(dir, environment());
  const counts = `${accounts.length} accounts, ${projects.length} projects, ${topics.length} topics`;
  print(`${file} can be used: ${counts}${models.length > 0 ? `, ${models.length} models` : ''}.\n`);
  for (const warning of await (await import('./config-warnings.js')).configWarnings(config)) say(warning);
  if (here.secretKey === null) say(SECRET_KEY_MISSING);
  if (here.temporal !== null) print(`${await aboutCluster(here.temporal)}\n`);
  return EXIT_CODES.pass;
}

async function aboutCluster(target: TemporalTarget): Promise<string> {
  const [{ connectClient }, { observeTurns, turnsProblem }] = await Promise.all([
    import('../temporal/connection.js'),
    import('../temporal/turns.js'),
  ]);
  const client = await connectClient(target);
  try {
    const problem = turnsProblem(await observeTurns(client));
    return problem ?? `The Temporal cluster at ${target.address} heeds priorities and serves projects in turns.`;
  } finally {
    await client.connection.close();
  }
}
