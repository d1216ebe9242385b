import type { Frame } from '../schema/frame.js';
import type { Observation } from '../schema/observation.js';
import { allSettled } from './all-settled.js';
import type { Detector, DetectorRun } from './detector.js';

/** Is told that a detector looks at a sample. */
type OnLook = (detector: string, sample: number) => void;

/**
 * All that the detectors of single frames have to say about these frames, sorted by sample, then detector, then class: equal input gives equal bytes.
 *
 * Frames go through the cascade independently of each other, so that several of them, also of concurrent calls, keep all inference threads busy.
 * `onLook` is told of each detector that looks at a sample. Frames are borrowed: once the promise has settled, also by failure or abort, nothing reads them any more.
 * @throws whatever a detector failed with, or the reason of the signal.
 */
export async function classify(
  frames: readonly Frame[],
  detectors: readonly Detector[],
  run: DetectorRun,
  signal: AbortSignal,
  onLook: OnLook = () => undefined,
): Promise<Observation[]> {
  const cascade = cascadeOrder(detectors);
  const observations = await allSettled(frames.map((frame) => classifyFrame(frame, cascade, { run, signal, onLook })));
  const rank = new Map(cascade.map(({ name }, index) => [name, index]));
  return observations
    .flat()
    .sort(
      (a, b) =>
        a.sample - b.sample ||
        (rank.get(a.detector) ?? 0) - (rank.get(b.detector) ?? 0) ||
        (a.class < b.class ? -1 : a.class > b.class ? 1 : 0),
    );
}

/** Detectors of single frames in the order in which they are asked: unconditional before conditional, cheap before expensive, then by name. */
export function cascadeOrder(detectors: readonly Detector[]): Detector[] {
  const conditional = (detector: Detector): number => (detector.runIf === undefined ? 0 : 1);
  return [...detectors].sort(
    (a, b) => conditional(a) - conditional(b) || a.costMs - b.costMs || (a.name < b.name ? -1 : 1),
  );
}

async function classifyFrame(
  frame: Frame,
  cascade: readonly Detector[],
  { run, signal, onLook }: { run: DetectorRun; signal: AbortSignal; onLook: OnLook },
): Promise<Observation[]> {
  const ask = (detector: Detector): Promise<Observation[]> => {
    onLook(detector.name, frame.sample);
    return detector.detect([frame], run, signal);
  };
  const unconditional = cascade.filter(({ runIf }) => runIf === undefined);
  const observations = (await allSettled(unconditional.map(ask))).flat();
  for (const detector of cascade) {
    if (detector.runIf?.(frame.sample, observations, run) !== true) continue;
    observations.push(...(await ask(detector)));
  }
  return observations;
}
