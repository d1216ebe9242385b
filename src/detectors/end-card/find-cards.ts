import { speaksFor } from '../../domain/labels.js';
import { sampleTimeS } from '../../domain/sample-plan.js';
import type { Observation } from '../../schema/observation.js';
import type { Classified } from '../detector.js';
import { THUMBNAIL } from './end-card-facts.js';
import { thumbnailDistance } from './thumbnail.js';

/** Bits of 64 in which thumbnails of one still picture may differ: what compression does to it. Of different pictures half of them do. */
const MOST_DIFFERENT = 3;
/** Seconds that a card is to be seen, in all: shorter ones cannot be read. */
const MIN_SHOWN_S = 3;
/** Detectors that say what advertises on a picture, and the score from which they are firm: where a person is asked by default. */
const EVIDENCE = { detectors: ['text', 'codes'], weak: 0.3, firm: 0.7 } as const;
/** Share of a card's samples that the evidence must be on: what is on one sample of many is not on the card. */
const MIN_SHARE = 0.5;

/** A card that ends the video or comes back, and one that is shown once in between, which a scene without movement may be as well. */
const SCORES = {
  firm: { placed: 0.9, between: 0.8 },
  weak: { placed: 0.75, between: 0.5 },
} as const;

/** Neighbouring samples that show the same picture. */
interface Stretch {
  samples: number[];
  thumbnail: string;
  /** Its last samples are the last of the video. */
  isLast: boolean;
  startS: number;
  endS: number;
  /** What advertises on it, the strongest first. */
  evidence: Observation[];
}

/** Still pictures with something on them that advertises, held or repeated: one observation for each time that they are shown. */
export function findCards({ observations, plan, video }: Classified): Omit<Observation, 'detector'>[] {
  const timeS = (sample: number): number => sampleTimeS(plan, video.timeBase, sample);
  const stretches = stretchesOf(observations, plan.count, (sample) =>
    sample < plan.count ? timeS(sample) : Math.max(video.durationS, timeS(plan.count - 1)),
  ).filter(({ evidence, samples }) => samplesOf(evidence).size >= MIN_SHARE * samples.length);
  return stretches.flatMap((stretch) => {
    const shown = stretches.filter(({ thumbnail }) => isSame(thumbnail, stretch.thumbnail));
    const shownS = shown.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
    const isHeld = stretch.samples.length > 1 && stretch.endS - stretch.startS >= MIN_SHOWN_S;
    const isRepeated = shown.length > 1 && shownS >= MIN_SHOWN_S;
    const [strongest] = stretch.evidence;
    if (!(isHeld || isRepeated) || strongest === undefined) return [];
    const { sample, score, box, text } = strongest;
    const strength = SCORES[score >= EVIDENCE.firm ? 'firm' : 'weak'];
    return [
      {
        sample,
        class: 'end-card',
        score: stretch.isLast || isRepeated ? strength.placed : strength.between,
        ...(box && { box }),
        ...(text !== undefined && { text }),
        span: { startS: stretch.startS, endS: stretch.endS },
      },
    ];
  });
}

function stretchesOf(
  observations: readonly Observation[],
  count: number,
  timeS: (sample: number) => number,
): Stretch[] {
  const thumbnails = new Map<number, string>();
  const evidence = new Map<number, Observation[]>();
  for (const seen of observations) {
    if (seen.class === THUMBNAIL && seen.text !== undefined) thumbnails.set(seen.sample, seen.text);
    if (isEvidence(seen)) evidence.set(seen.sample, [...(evidence.get(seen.sample) ?? []), seen]);
  }
  const stretches: Stretch[] = [];
  for (let sample = 0; sample < count; sample++) {
    const thumbnail = thumbnails.get(sample);
    if (thumbnail === undefined) continue;
    const found = evidence.get(sample) ?? [];
    const open = stretches.at(-1);
    // With the first of the stretch, so that slow changes do not creep through it.
    if (open !== undefined && open.samples.at(-1) === sample - 1 && isSame(open.thumbnail, thumbnail)) {
      open.samples.push(sample);
      open.evidence.push(...found);
    } else {
      stretches.push({
        samples: [sample],
        thumbnail,
        isLast: false,
        startS: timeS(sample),
        endS: 0,
        evidence: [...found],
      });
    }
  }
  return stretches.map((stretch) => {
    const last = stretch.samples.at(-1) ?? 0;
    const isLast = last === count - 1;
    // The next sample shows something else already: only up to the last one of these is it known to be there, but a single one was there for a while.
    const endS = isLast || stretch.samples.length === 1 ? timeS(last + 1) : timeS(last);
    return { ...stretch, isLast, endS, evidence: stretch.evidence.sort(inOrder) };
  });
}

function isEvidence(seen: Observation): boolean {
  const { detectors, weak } = EVIDENCE;
  return seen.score >= weak && detectors.some((name) => name === seen.detector) && speaksFor('ad', seen);
}

function isSame(a: string, b: string): boolean {
  return thumbnailDistance(a, b) <= MOST_DIFFERENT;
}

function samplesOf(observations: readonly Observation[]): Set<number> {
  return new Set(observations.map(({ sample }) => sample));
}

/** The strongest first; of equals the earliest, and then by what they say. */
function inOrder(a: Observation, b: Observation): number {
  return b.score - a.score || a.sample - b.sample || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
