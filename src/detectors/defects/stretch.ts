/** Defects that show from picture to picture. */
export const STRETCH_KINDS = ['black', 'frozen', 'blurred', 'flashing'] as const;
export type StretchKind = (typeof STRETCH_KINDS)[number];

/** A part of one segment that shows one kind, however short; whether it is a defect only tells its length with what goes on in the next segment. */
export interface Stretch {
  kind: StretchKind;
  /** Seconds from the first frame of the video. */
  startS: number;
  /** Where the first picture begins that no longer shows it. */
  endS: number;
  /** 0–1, how purely it is of its kind: of a frozen one the share that did not change at all; of a flashing one 1 where it flashes too often. */
  share: number;
  /** How often the brightness turned, of a flashing one; else 0. */
  turns: number;
}

/** Runs of indices [first, last] for which `holds`, in their order. */
export function runsOf(count: number, holds: (index: number) => boolean): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (let index = 0; index < count; index++) {
    if (!holds(index)) continue;
    const run = runs.at(-1);
    if (run?.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs;
}
