import { speaksFor } from '../../domain/labels.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Looked, Observation } from '../../schema/observation.js';

/** What one detector said about a whole video. */
export interface DetectorSummary {
  detector: DetectorInfo;
  /** Samples that it was asked about. */
  samples: number;
  /** Its highest score of a class that speaks for its scene; `null` when it saw none. */
  peak: Observation | null;
}

/**
 * What each detector said, in their order, from all observations of a task. `looked`: samples that each looked at, by its name; where that is not known, those that it
 * said something of are counted.
 */
export function summariseDetectors(
  detectors: readonly DetectorInfo[],
  observations: readonly Observation[],
  looked?: Readonly<Looked>,
): DetectorSummary[] {
  return detectors.map((detector) => {
    const own = observations.filter((observation) => observation.detector === detector.name);
    const decisive = own.filter((observation) => speaksFor(detector.scene, observation));
    const peak = decisive.reduce<Observation | null>(
      (highest, observation) => (highest === null || observation.score > highest.score ? observation : highest),
      null,
    );
    const samples = looked === undefined ? new Set(own.map(({ sample }) => sample)).size : (looked[detector.name] ?? 0);
    return { detector, samples, peak };
  });
}
