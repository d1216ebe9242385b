import { clock } from '../../domain/reasons.js';
import type { ModerationResultBody } from '../../schema/result.js';
import { type Outcome, outcomeOf } from '../exit-codes.js';
import { count, duration } from './quantities.js';
import { createStyle, OUTCOME_SIGNS, outcomeColour } from './style.js';
import { printable } from './terminal-text.js';

/** What happened to one video, in one line: what stays on the screen above the bars of those that are still on their way. */
export function renderVerdictLine(
  body: ModerationResultBody,
  { name, elapsedS }: { name: string; elapsedS: number | null },
  { colour }: { colour: boolean },
): string {
  const style = createStyle(colour);
  const outcome = outcomeOf(body);
  const mark = outcomeColour(style, outcome)(`${OUTCOME_SIGNS[outcome]} ${outcome.padEnd(6)}`);
  const facts = [...factsOf(body), ...(elapsedS === null ? [] : [`in ${duration(elapsedS)}`])];
  return `${mark}  ${printable(name)}  ${style.dim(facts.join(', '))}`.trimEnd();
}

function factsOf({ Status, Code, ModerationResult }: ModerationResultBody): string[] {
  if (Status === 'Failed') return [printable(Code)];
  if (ModerationResult === undefined) return [];
  const { Categories, Frames } = ModerationResult;
  const [first, last] = [Frames.BlockFrames[0], Frames.BlockFrames.at(-1)];
  const many = count(Frames.TotalCount, 'sample');
  if (first === undefined || last === undefined) return [many];
  const when = first.Offset === last.Offset ? clock(first.Offset) : `${clock(first.Offset)}–${clock(last.Offset)}`;
  return [`${Categories.join(', ')} at ${when}`, many];
}

const FROM_WORST = ['failed', 'block', 'review', 'pass'] as const satisfies readonly Outcome[];

/** How many videos came out how, from the worst down: `3 videos: 1 block, 2 pass`. */
export function renderTotals(outcomes: readonly Outcome[], { colour }: { colour: boolean }): string {
  const style = createStyle(colour);
  const totals = FROM_WORST.map((outcome) => ({ outcome, number: outcomes.filter((one) => one === outcome).length }))
    .filter(({ number }) => number > 0)
    .map(({ outcome, number }) => outcomeColour(style, outcome)(`${number} ${outcome}`));
  return `${count(outcomes.length, 'video')}: ${totals.join(', ') || 'nothing to report'}`;
}
