import type { DetectorFamily } from './detectors/detector.js';
import { ownModelFamily } from './detectors/own-model/own-model.js';
import { readOwnModels, type OwnModel } from './detectors/own-model/read-own-models.js';
import { TAKEN_NAMES } from './detectors/registry.js';
import { AddressGuard } from './sources/address-guard.js';

/**
 * An operator's own models, checked; none without a directory. `env` are the variables that they may name for their tokens.
 * @throws {InvalidOwnModelsError}
 */
export async function findOwnModels(
  dir: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OwnModel[]> {
  return dir === null ? [] : readOwnModels(dir, env, TAKEN_NAMES);
}

/** The detectors that they are. */
export function ownFamilies(models: readonly OwnModel[]): DetectorFamily[] {
  return models.map((model) => ownModelFamily(model, { guard: (allow) => new AddressGuard(allow) }));
}
