import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Frame } from '../../schema/frame.js';
import type { Observation } from '../../schema/observation.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { InferencePool } from '../inference-pool.js';
import { decodeEdgeMap, type EdgeMap } from './edge-map.js';

/** Class of the edge maps: kept to be looked through in the end, never deciding. */
const EDGES = 'edges';
const ANALYSER: Analyser<'edges'> = { kind: 'edges', id: 'edges', settings: null };

/** A sample's edges. */
export interface SampleEdges {
  sample: number;
  map: EdgeMap;
}

/** The edge maps of frames, as one of the detectors that look through them keeps them. */
export async function keepEdges(
  detector: string,
  batch: readonly Frame[],
  pool: InferencePool,
  signal: AbortSignal,
): Promise<Observation[]> {
  const running = batch.map(async (frame): Promise<Observation> => {
    const text = await pool.look(ANALYSER, frame, null, signal);
    return { detector, sample: frame.sample, class: EDGES, score: 1, text };
  });
  return allSettled(running);
}

/** The edge maps that these detectors left among the observations, by sample, of the size that most of them have. */
export function sampleEdges(observations: readonly Observation[], detectors: readonly string[]): SampleEdges[] {
  const all = observations.flatMap(({ detector, class: kind, sample, text = '' }) => {
    const map = detectors.includes(detector) && kind === EDGES ? decodeEdgeMap(text) : null;
    return map === null ? [] : [{ sample, map }];
  });
  const sizes = new Map<string, SampleEdges[]>();
  for (const one of all) {
    const size = `${one.map.width}×${one.map.height}`;
    sizes.set(size, [...(sizes.get(size) ?? []), one]);
  }
  const [most = []] = [...sizes.values()].sort((a, b) => b.length - a.length);
  return most.sort((a, b) => a.sample - b.sample);
}

/** Runs long work piece by piece. */
export async function inTurns<T>(work: Generator<undefined, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await othersTurn();
    signal.throwIfAborted();
  }
}
