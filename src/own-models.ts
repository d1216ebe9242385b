import type { DetectorFamily } from './detectors/detector.js';
import { ownModelFamily } from './detectors/own-model/own-model.js';
import { readOwnModels } from './detectors/own-model/read-own-models.js';
import { TAKEN_NAMES } from './detectors/registry.js';
import { AddressGuard } from './sources/address-guard.js';

/** Directories that this process has read. */
const known = new Map<string, Promise<DetectorFamily[]>>();

/**
 * The detectors that an operator's own models are; none without a directory. It is read once a process: what tasks are started with is what its workers run.
 * `env` are the variables that manifests may name for their tokens.
 * @throws {InvalidOwnModelsError}
 */
export async function ownDetectors(
  dir: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DetectorFamily[]> {
  if (dir === null) return [];
  const reading = known.get(dir) ?? readOwnDetectors(dir, env);
  known.set(dir, reading);
  reading.catch(() => known.delete(dir));
  return reading;
}

/** The same, read anew: for those who check them. */
export async function readOwnDetectors(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DetectorFamily[]> {
  const models = await readOwnModels(dir, env, TAKEN_NAMES);
  return models.map((model) => ownModelFamily(model, { guard: (allow) => new AddressGuard(allow) }));
}
