import type { DetectorRun } from '../detectors/detector.js';
import type { TaskRequest } from '../schema/task.js';

/** Names of the detectors that a task asks, each once: one that serves several scenes looks once for all of them. */
export function detectorNames({ detectors }: TaskRequest): string[] {
  return [...new Set(detectors.map(({ name }) => name))];
}

/** What detectors are told of a task. */
export function detectorRun(
  { options, policy, policyDigest, banks = [] }: TaskRequest,
  sourceDigest: string,
): DetectorRun {
  return { sourceDigest, policy, policyDigest, scenes: options.scenes, banks };
}
