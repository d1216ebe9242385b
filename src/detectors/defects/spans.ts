import { isFlashing } from './flash.js';
import { STRETCH_KINDS, type Stretch, type StretchKind } from './stretch.js';

/**
 * Seconds from which a stretch is a defect. Two are what ffmpeg's blackdetect and freezedetect ask for unless told otherwise, and longer than a fade at the
 * start of a film. Of a frozen one the first pictures are not counted while an encoder settles, and edges are measured twice a second only. That
 * something flashes too often is told within a second.
 */
const LEAST_S: Readonly<Record<StretchKind, number>> = { black: 2, frozen: 1.8, blurred: 1.75, flashing: 0 };
/** Share of a frozen stretch that must not change at all: half of two seconds, after an encoder has settled for one. */
const LEAST_UNCHANGED = 1 / 3;
/** Times of one picture by two segments are worked out from the same timestamp. */
const SAME_S = 0.001;
/** Flicker goes on when its parts lie this near. */
const FLICKER_S = 0.5;

/** Defects of a whole video from the stretches of its segments: what ends where the next one begins is one. */
export function defectsOf(stretches: readonly Stretch[]): Stretch[] {
  return STRETCH_KINDS.flatMap((kind) =>
    joined(stretches.filter((stretch) => stretch.kind === kind).sort((a, b) => a.startS - b.startS)).filter(isDefect),
  );
}

/** Whether what a segment shows may be one, by itself or with what goes on beside the segment. */
export function mayBeDefect({ kind, startS, endS }: Stretch, segment: { startS: number; endS: number }): boolean {
  const near = kind === 'flashing' ? FLICKER_S : SAME_S;
  return endS - startS >= LEAST_S[kind] || startS - segment.startS <= near || segment.endS - endS <= near;
}

function isDefect(stretch: Stretch): boolean {
  const { kind, startS, endS, share } = stretch;
  if (kind === 'flashing') return isFlashing(stretch);
  return endS - startS >= LEAST_S[kind] - SAME_S && (kind !== 'frozen' || share >= LEAST_UNCHANGED);
}

function joined(ascending: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of ascending) {
    const last = all.at(-1);
    const near = stretch.kind === 'flashing' ? FLICKER_S : SAME_S;
    if (last === undefined || stretch.startS - last.endS > near) all.push({ ...stretch });
    else Object.assign(last, together(last, stretch));
  }
  return all;
}

function together(a: Stretch, b: Stretch): Partial<Stretch> {
  const [lengthA, lengthB] = [a.endS - a.startS, b.endS - b.startS];
  const whole = lengthA + lengthB;
  const share = whole === 0 ? Math.max(a.share, b.share) : (a.share * lengthA + b.share * lengthB) / whole;
  return {
    endS: Math.max(a.endS, b.endS),
    turns: a.turns + b.turns,
    share: a.kind === 'flashing' ? Math.max(a.share, b.share) : share,
  };
}
