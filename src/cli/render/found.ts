import { clock } from '../../domain/reasons.js';
import type { BankMatch, Box, Observation } from '../../schema/observation.js';
import type { BlockFrame, Finding } from '../../schema/verdict.js';
import { count, score } from './quantities.js';
import { fit, pad, printable, wrap } from './terminal-text.js';

/** Findings shown; the rest is counted. */
const SHOWN = 12;
/** Cells of a quoted text: more of one is in the result as JSON. */
const QUOTED = 60;
/** Goes on further to the right, so that one finding is told from the next. */
const INDENT = 2;

/** What was found that block frames do not tell: texts, matches, places in the picture, and stretches that go on between them. */
export function foundLines(findings: readonly Finding[], blockFrames: readonly BlockFrame[], width: number): string[] {
  const telling = findings.filter((finding) => tellsMore(finding, blockFrames));
  const shown = telling.slice(0, SHOWN);
  const whens = shown.map(({ startS, endS }) => stretch(startS, endS));
  const whenWidth = Math.max(0, ...whens.map(({ length }) => length));
  const lines = shown.flatMap((finding, index) => {
    const [first = '', ...rest] = wrap(inWords(finding), width - whenWidth - 2 - INDENT).map(softened);
    const indent = ' '.repeat(whenWidth + 2 + INDENT);
    return [`${pad(whens[index] ?? '', whenWidth)}  ${first}`, ...rest.map((line) => indent + line)];
  });
  const hidden = telling.length - shown.length;
  return hidden === 0 ? lines : [...lines, `and ${count(hidden, 'more finding')}: all of them with --json`];
}

function tellsMore(finding: Finding, blockFrames: readonly BlockFrame[]): boolean {
  const { box, text, match, scene, startS, endS } = finding;
  if (box !== undefined || text !== undefined || match !== undefined) return true;
  const isShown = (timeS: number): boolean => blockFrames.some((at) => at.scene === scene && at.timeS === timeS);
  return !isShown(startS) || !isShown(endS);
}

function inWords(finding: Finding): string {
  return `${finding.scene}  ${printable(finding.detector)}  ${saying(finding)}`;
}

/** Keeps together what is one thing to the reader, while lines are broken. */
export const HARD_SPACE = '\u00A0';

/** The line with ordinary spaces. */
function softened(line: string): string {
  return line.replaceAll(HARD_SPACE, ' ');
}

/** A class with its score, and where there are such, the text, the match and the place in the picture. */
export function saying(
  seen: Pick<Observation, 'class' | 'score'> & { text?: string; match?: BankMatch; box?: Box },
): string {
  const { class: kind, score: value, text, match, box } = seen;
  return [
    `${printable(kind)}${HARD_SPACE}${score(value)}`,
    ...(text === undefined ? [] : [`“${fit(printable(text), QUOTED)}”`]),
    ...(match === undefined
      ? []
      : [`${printable(`${match.bank}/${match.entry}`)} at distance${HARD_SPACE}${match.distance}`]),
    ...(box === undefined ? [] : [`in${HARD_SPACE}${place(box)}`]),
  ].join(' ');
}

/** A box in percent of the picture's width and height: its left upper corner, and its size. */
function place({ x, y, width, height }: Box): string {
  const percent = (share: number): number => Math.round(share * 100);
  return `${percent(width)}×${percent(height)}${HARD_SPACE}%${HARD_SPACE}at${HARD_SPACE}${percent(x)},${percent(y)}${HARD_SPACE}%`;
}

/** One moment, or from when to when. */
function stretch(startS: number, endS: number): string {
  return clock(startS) === clock(endS) ? clock(startS) : `${clock(startS)}–${clock(endS)}`;
}
