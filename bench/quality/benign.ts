import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detector, DetectorRun } from '../../src/detectors/detector.js';
import { mayHoldWriting } from '../../src/detectors/text/ocr/gate.js';
import { speaksFor } from '../../src/domain/labels.js';
import { loadPolicy } from '../../src/policy.js';
import type { Observation } from '../../src/schema/observation.js';
import { SCENES, type Scene } from '../../src/schema/scene.js';
import { clipFrames } from '../reference/frames.js';
import { line, table } from '../reference/report.js';

const SAMPLES = 'samples';

/** Prints how often each detector would ask for a person, or block, on the samples, all of them benign: one frame a second, no banks. */
export async function benignQuality(detectors: readonly Detector[]): Promise<void> {
  const { policy, policyDigest } = await loadPolicy();
  const run: DetectorRun = { sourceDigest: '', policy, policyDigest, scenes: SCENES, banks: [] };
  const files = await readdir(SAMPLES, { withFileTypes: true });
  const clips = files.filter((entry) => entry.isFile() && !entry.name.endsWith('.md')).map(({ name }) => name);
  const counts = new Map<string, number>();
  const finds: string[] = [];
  let total = 0;
  let ruledOut = 0;
  for (const clip of clips.sort()) {
    const { frames } = await clipFrames(join(SAMPLES, clip));
    total += frames.length;
    ruledOut += frames.filter((frame) => !mayHoldWriting(frame)).length;
    for (const frame of frames)
      for (const detector of detectors) {
        const seen = await detector.detect([frame], run, AbortSignal.timeout(600_000));
        for (const scene of SCENES) {
          const [review, block] = reached(seen, detector.name, scene, run);
          if (review === undefined) continue;
          const key = `${scene} ${detector.name}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
          if (block) counts.set(`${key} block`, (counts.get(`${key} block`) ?? 0) + 1);
          finds.push(`${clip} ${frame.sample} s: ${key}: ${review.class} ${review.score} ${review.text ?? ''}`);
        }
      }
  }
  line(`Frames of samples/ (${total}, all benign) on which a detector by itself reaches its thresholds; no banks`);
  table([
    ['scene', 'detector', 'frames at review', 'at block'],
    ...SCENES.flatMap((scene) =>
      detectors
        .filter(({ name }) => run.policy.scenes[scene]?.detectors[name] !== undefined)
        .map(({ name }) => [
          scene,
          name,
          counts.get(`${scene} ${name}`) ?? 0,
          counts.get(`${scene} ${name} block`) ?? 0,
        ]),
    ),
  ]);
  line(`  frames that the look for strokes spares the reader of writing: ${ruledOut}`);
  for (const find of finds) line(`  ${find}`);
  line();
}

/** The strongest that reaches the review threshold, and whether any reaches that for a block. */
function reached(
  seen: readonly Observation[],
  detector: string,
  scene: Scene,
  { policy }: DetectorRun,
): [Observation | undefined, boolean] {
  const rule = policy.scenes[scene]?.detectors[detector];
  if (rule === undefined) return [undefined, false];
  const counting = seen
    .filter((it) => speaksFor(scene, it) && it.score >= rule.review && rule.classes?.includes(it.class) !== false)
    .sort((a, b) => b.score - a.score);
  const isBlock = counting.some((it) => it.score >= (rule.block ?? Infinity) && it.atMost === undefined);
  return [counting[0], isBlock];
}
