import { readConfig } from '../../src/config.js';
import { findServer, type ServerBinary } from '../../src/temporal/find-server.js';

/** The Temporal server that `npm cit` provides. A test that needs one fails without it, and says how to get it. */
export async function temporalServer(): Promise<ServerBinary> {
  const { dataDir, searchPath } = readConfig();
  const binary = await findServer({ dataDir, searchPath, say: () => undefined });
  if (binary === null)
    throw new Error('There is no Temporal server for the tests: run `node scripts/setup.mjs --tests`.');
  return binary;
}
