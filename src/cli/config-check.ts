import { environment } from '../config.js';
import { loadServiceConfig } from '../service-settings.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';

/** `framewarden config check FILE`: says that the configuration can be used, or everything that keeps it from it. */
export async function configCheck({ print }: CommandContext, file: string): Promise<ExitCode> {
  const { config } = await loadServiceConfig(file, environment());
  const { accounts, projects, topics } = config;
  print(`${file} can be used: ${accounts.length} accounts, ${projects.length} projects, ${topics.length} topics.\n`);
  return EXIT_CODES.pass;
}
