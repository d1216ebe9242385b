import { readFile } from 'node:fs/promises';
import type { Detector, DetectorRun } from '../../src/detectors/detector.js';
import { loadPolicy } from '../../src/policy.js';
import type { Frame } from '../../src/schema/frame.js';
import { SCENES } from '../../src/schema/scene.js';
import type { Scores } from './nsfwjs-reference.js';

const forever = new AbortController().signal;

/** A run for detectors that look at every frame alike, whatever the task. */
async function anyRun(): Promise<DetectorRun> {
  return { sourceDigest: '', ...(await loadPolicy()), scenes: SCENES, banks: [] };
}

/** What the detector says of each frame, by class. */
export async function scoresOf(detector: Detector, frames: readonly Frame[]): Promise<Scores[]> {
  const scores = frames.map((): Scores => ({}));
  for (const [index, frame] of frames.entries())
    for (const seen of await detector.detect([frame], await anyRun(), forever))
      (scores[index] ?? {})[seen.class] = seen.score;
  return scores;
}

/** Largest difference between two scores of the same class. */
export function difference(a: Scores, b: Scores): number {
  return Math.max(...Object.keys(a).map((name) => Math.abs((a[name] ?? NaN) - (b[name] ?? NaN))));
}

/** Scores that OpenNSFW's own Python package gave the frames of clips, without the JPEG round trip, by file name of the clip. */
export async function openNsfwReferenceScores(): Promise<ReadonlyMap<string, readonly number[]>> {
  const { scores } = JSON.parse(await readFile('models/open-nsfw/reference-scores.json', 'utf8')) as {
    scores: Record<string, [number, number][]>;
  };
  return new Map(
    Object.entries(scores).map(([path, columns]) => [path.replace(/^.*\//, ''), columns.map(([, plain]) => plain)]),
  );
}
