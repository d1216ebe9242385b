import type { DetectorInfo } from '../schema/detector-info.js';
import type { ScenePolicy } from '../schema/policy.js';
import type { Scene } from '../schema/scene.js';
import type { BlockFrame, Coverage, Finding } from '../schema/verdict.js';
import type { ScoredSample } from './score-samples.js';

/** Findings that a reason quotes. */
const MOST_QUOTED = 3;

/** `m:ss` or `h:mm:ss` of a time in seconds, rounded down. */
export function clock(timeS: number): string {
  const whole = Math.floor(timeS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Why a scene is blocked. `alone`: what was found, when a detector whose word is enough said so. */
export function explainBlock(
  scene: Scene,
  frames: readonly BlockFrame[],
  rules: ScenePolicy,
  alone: readonly Finding[] | null,
): string[] {
  const peak = peakOf(frames);
  if (alone !== null) {
    return [`${scene}: ${quoted(alone)}; the policy lets ${peak.detectors[0] ?? 'it'} block on its own.`];
  }
  const agreed = peak.detectors.length > 1;
  const who = agreed ? `${peak.detectors.join(' and ')} agree on` : `${peak.detectors[0] ?? 'a detector'} is sure of`;
  return [
    `${scene}: ${who} ${count(frames.length, 'sample')} from ${span(frames)}${neighbours(rules)}; the ${agreed ? 'lower ' : ''}score peaks at ${(peak.rate / 100).toFixed(2)} at ${clock(peak.timeS)}.`,
  ];
}

/** Why a part of a video that is blocked was not inspected. */
export function explainEarlyStop({ inspected, planned, skipped = [] }: Coverage): string {
  const spans = skipped.map(({ startS, endS }) => `${clock(startS)} to ${clock(endS)}`);
  return `The policy looks no further once a block is certain: ${inspected} of ${planned} samples were inspected, none from ${spans.join(', ')}.`;
}

/** What a review rests on. */
export interface ReviewGrounds {
  /** Samples on which enough detectors agreed. */
  corroborated: number;
  rules: ScenePolicy;
  detectors: readonly DetectorInfo[];
  findings: readonly Finding[];
}

export function explainReview(scene: Scene, frames: readonly BlockFrame[], grounds: ReviewGrounds): string[] {
  const { rules, findings } = grounds;
  const peak = peakOf(frames);
  const speaking = findings.filter(({ text, match }) => text !== undefined || match !== undefined);
  const found =
    speaking.length > 0
      ? `${scene}: ${quoted(speaking)}`
      : `${scene}: ${peak.detectors[0] ?? 'a detector'} scored ${(peak.rate / 100).toFixed(2)} at ${clock(peak.timeS)}; ${count(frames.length, 'sample')} from ${span(frames)} reached a review threshold`;
  const capped =
    rules.atMost === 'block' ? missing(grounds) : `the policy lets this scene go to ${rules.atMost} at most`;
  return [`${found}; ${capped}.`];
}

/** What a block would have needed. */
function missing({ corroborated, rules, detectors }: ReviewGrounds): string {
  const may = detectors.filter(
    ({ name, atMost }) =>
      atMost === 'block' && rules.detectors[name]?.block !== undefined && rules.detectors[name].alone !== true,
  );
  if (may.length === 0) return 'what found it may ask for a person and no more';
  if (may.length === 1) {
    return `a block would need ${may[0]?.name ?? 'it'} to be sure on ${rules.window.k} of ${rules.window.n} neighbouring samples, and it was on ${corroborated}`;
  }
  return corroborated === 0
    ? 'a block would need a second detector to agree, and none did'
    : `a block would need two detectors to agree on ${rules.window.k} of ${rules.window.n} neighbouring samples, and they agreed on ${corroborated}`;
}

export function explainPass(
  scene: Scene,
  samples: readonly ScoredSample[],
  detectors: readonly DetectorInfo[],
): string[] {
  const highest = detectors.map(({ name }) => {
    const scores = samples.map(({ scores }) => scores.get(name)?.any ?? 0);
    const peak = scores.reduce((a, b) => Math.max(a, b), 0);
    return peak === 0 ? `${name} saw next to nothing` : `${name} at most ${peak.toFixed(2)}`;
  });
  return [`${scene}: no sample reached a review threshold (${highest.join(', ')}).`];
}

/** The strongest findings in words, and how many more there are. */
function quoted(findings: readonly Finding[]): string {
  const strongest = [...findings].sort((a, b) => b.score - a.score || b.samples - a.samples).slice(0, MOST_QUOTED);
  const more = findings.length - strongest.length;
  return `${strongest.map(say).join(', ')}${more > 0 ? ` and ${count(more, 'more finding')}` : ''}`;
}

function say({ detector, class: kind, score, text, match, startS, endS }: Finding): string {
  const what =
    match !== undefined
      ? `${match.bank}/${match.entry} at distance ${match.distance}`
      : text !== undefined
        ? `“${text}”`
        : score.toFixed(2);
  const when = clock(startS) === clock(endS) ? `at ${clock(startS)}` : `from ${clock(startS)} to ${clock(endS)}`;
  return `${detector} found ${kind} ${what} ${when}`;
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
