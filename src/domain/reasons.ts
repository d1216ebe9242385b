import type { DetectorInfo } from '../schema/detector-info.js';
import type { ScenePolicy } from '../schema/policy.js';
import type { Scene } from '../schema/scene.js';
import type { BlockFrame } from '../schema/verdict.js';
import type { ScoredSample } from './decide-scene.js';

/** `m:ss` or `h:mm:ss` of a time in seconds, rounded down. */
export function clock(timeS: number): string {
  const whole = Math.floor(timeS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export function explainBlock(scene: Scene, frames: readonly BlockFrame[], rules: ScenePolicy): string[] {
  const peak = peakOf(frames);
  return [
    `${scene}: ${peak.detectors.join(' and ')} agree on ${count(frames.length, 'sample')} from ${span(frames)}${neighbours(rules)}; the lower score peaks at ${(peak.rate / 100).toFixed(2)} at ${clock(peak.timeS)}.`,
  ];
}

export function explainReview(
  scene: Scene,
  frames: readonly BlockFrame[],
  corroborated: number,
  rules: ScenePolicy,
): string[] {
  const peak = peakOf(frames);
  const found = `${scene}: ${peak.detectors[0] ?? 'a detector'} scored ${(peak.rate / 100).toFixed(2)} at ${clock(peak.timeS)}; ${count(frames.length, 'sample')} from ${span(frames)} reached a review threshold`;
  const missing =
    corroborated === 0
      ? 'a block would need a second detector to agree, and none did'
      : `a block would need two detectors to agree on ${rules.window.k} of ${rules.window.n} neighbouring samples, and they agreed on ${corroborated}`;
  const capped = rules.atMost === 'block' ? missing : `the policy lets this scene go to ${rules.atMost} at most`;
  return [`${found}; ${capped}.`];
}

export function explainPass(
  scene: Scene,
  samples: readonly ScoredSample[],
  detectors: readonly DetectorInfo[],
): string[] {
  const highest = detectors.map(({ name }) => {
    const scores = samples.map(({ scores }) => scores.get(name) ?? 0);
    const peak = scores.reduce((a, b) => Math.max(a, b), 0);
    return peak === 0 ? `${name} saw next to nothing` : `${name} at most ${peak.toFixed(2)}`;
  });
  return [`${scene}: no sample reached a review threshold (${highest.join(', ')}).`];
}

function peakOf(frames: readonly BlockFrame[]): BlockFrame {
  return frames.reduce((peak, frame) => (frame.rate > peak.rate ? frame : peak));
}

function span(frames: readonly BlockFrame[]): string {
  const [first, last] = [frames[0]?.timeS ?? 0, frames.at(-1)?.timeS ?? 0];
  return clock(first) === clock(last) ? clock(first) : `${clock(first)} to ${clock(last)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Frames of an image are judged one by one: there is nothing to say of neighbours then. */
function neighbours({ window: { k, n } }: ScenePolicy): string {
  return n === 1 ? '' : `, at least ${k} of ${n} neighbouring ones`;
}
