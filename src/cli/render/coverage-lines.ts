import { clock } from '../../domain/reasons.js';
import { coverageDetails } from '../../domain/result-body.js';
import type { Verdict } from '../../schema/verdict.js';
import { count, duration } from './quantities.js';
import { wrap } from './terminal-text.js';

/** Stretches named one by one; the rest is counted. */
const STRETCHES_SHOWN = 5;

/** How much was looked at: samples of how many, of each scene where that differs, and the stretches that nobody looked at. */
export function coverageLines(verdict: Verdict, durationS: number | null, width: number): string[] {
  const { inspected, planned, largestGapS, denser, skipped = [] } = verdict.coverage;
  const of = durationS === null ? '' : ` over ${duration(durationS)}`;
  const closer = denser === undefined ? '' : `, ${denser} of them around what looked suspicious`;
  const scenes = (coverageDetails(verdict).Scenes ?? []).filter((scene) => scene.Inspected !== inspected);
  const lines = [
    `${inspected} of ${count(planned, 'sample')} inspected${of}${closer}; at most ${duration(largestGapS)} without one`,
    ...scenes.map((scene) => `${scene.Scene}: ${count(scene.Inspected, 'sample')}`),
  ];
  if (skipped.length > 0) {
    const shown = skipped.slice(0, STRETCHES_SHOWN).map(({ startS, endS }) => `${clock(startS)}–${clock(endS)}`);
    const more = skipped.length - shown.length;
    lines.push(`not looked at: ${shown.join(', ')}${more > 0 ? ` and ${more} more: all of them with --json` : ''}`);
  }
  return lines.flatMap((line) => wrap(line, width));
}
