import type { WorkerDeps } from '../../src/deps.js';
import type { Detector } from '../../src/detectors/detector.js';

/** Where the detectors of an installation stop: a task that runs for as long as a test wants, and keeps no core busy meanwhile. */
export interface Gate {
  /** Number of the first sample that is not looked at yet; each batch waits until all of its own are below it. */
  heldFrom: number;
  /** The same workers, whose detectors wait at the gate. */
  before: (deps: WorkerDeps) => WorkerDeps;
}

/** One that is open. */
export function gate(): Gate {
  const self: Gate = {
    heldFrom: Infinity,
    before: (deps) => ({ ...deps, detectors: deps.detectors.map(waiting) }),
  };
  const waiting = (detector: Detector): Detector => ({
    ...detector,
    async detect(batch, run, signal) {
      while (batch.some(({ sample }) => sample >= self.heldFrom)) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return detector.detect(batch, run, signal);
    },
  });
  return self;
}
