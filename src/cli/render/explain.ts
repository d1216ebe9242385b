import { clock } from '../../domain/reasons.js';
import { isDecisive } from '../../domain/labels.js';
import { observationsOf, scoreSamples } from '../../domain/score-samples.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation, TimeSpan } from '../../schema/observation.js';
import type { Policy } from '../../schema/policy.js';
import type { TaskType } from '../../schema/task.js';
import { HARD_SPACE, saying } from './found.js';
import type { Layout } from './report.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { pad, printable, wrap } from './terminal-text.js';

/** Cells that scores need at least. */
const LEAST_SCORES = 20;
/** Classes that never decide anything and still are for people to read; the texts of others, as hashes, are for machines. */
const READ = 'reading';

/** All that was seen, and what it was measured by. */
export interface Explained {
  observations: readonly Observation[];
  detectors: readonly DetectorInfo[];
  policy: Policy;
  taskType: TaskType;
  /** Seconds from the first frame to a sample. */
  timeS: (sample: number) => number;
}

/** The thresholds of a policy, the highest that a sample reached. */
type Reached = 'block' | 'review' | 'corroborate' | '';

/** Every observation: a line for each sample and detector, its classes from the highest score down, and which threshold that reached. */
export function renderExplanation(explained: Explained, { colour, width }: Layout): string {
  const { detectors, timeS } = explained;
  const style = createStyle(colour);
  const rank = (name: string) => detectors.findIndex((detector) => detector.name === name);
  const groups = [...groupBySampleAndDetector(explained.observations)].sort(
    ([a], [b]) => timeS(a.sample) - timeS(b.sample) || rank(a.detector) - rank(b.detector),
  );
  const reached = groups.map((group) => thresholdReached(group, explained));
  const rows = groups.map((group, index) => [
    clock(timeS(group[0].sample)),
    String(group[0].sample),
    printable(group[0].detector),
    reached[index] ?? '',
    group.map(said).join(', '),
  ]);
  const columns = [
    { title: 'Time', align: 'right' },
    { title: 'Sample', align: 'right' },
    { title: 'Detector' },
    { title: 'Reached', paint: (cell: string) => paintReached(cell, style) },
    { title: 'Scores', shrinksTo: LEAST_SCORES, wraps: true },
  ] as const;
  return renderTable(columns, rows, { width, style }).replaceAll(HARD_SPACE, ' ');
}

/** What each detector can and cannot see, in its own words; empty where they left none. */
export function renderSight(detectors: readonly DetectorInfo[], { colour, width }: Layout): string {
  const style = createStyle(colour);
  const told = detectors.filter(({ sees }) => sees !== undefined && sees !== '');
  const names = told.map(({ name, scene }) => printable(`${name} (${scene})`));
  const nameWidth = Math.max(0, ...names.map(({ length }) => length));
  return told
    .flatMap(({ sees = '' }, index) =>
      wrap(printable(sees), Math.max(LEAST_SCORES, width - nameWidth - 2)).map((line, at) =>
        `${style.dim(pad(at === 0 ? (names[index] ?? '') : '', nameWidth))}  ${line}`.trimEnd(),
      ),
    )
    .join('\n');
}

type Group = [Observation, ...Observation[]];

function groupBySampleAndDetector(observations: readonly Observation[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const observation of observations) {
    const key = `${observation.sample} ${observation.detector}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [observation]);
    else group.push(observation);
  }
  for (const group of groups.values()) group.sort((a, b) => b.score - a.score);
  return groups.values();
}

function said(seen: Observation): string {
  const { text, span, ...rest } = seen;
  const isForPeople = seen.class === READ || isDecisive(seen.class);
  const when = span === undefined ? '' : ` ${stretchInWords(span)}`;
  return saying({ ...rest, ...(isForPeople && text !== undefined && { text }) }) + when;
}

function stretchInWords({ startS, endS }: TimeSpan): string {
  return `from ${clock(startS)} to ${clock(endS)}`;
}

function thresholdReached(group: Group, { detectors, policy, taskType }: Explained): Reached {
  const own = detectors.filter(({ name }) => name === group[0].detector);
  const reached = own.map((detector) => {
    const rules = policy.scenes[detector.scene];
    const rule = rules?.detectors[detector.name];
    if (rules === undefined || rule === undefined) return '';
    const counted = observationsOf(detector.scene, { detectors: [detector], rules, taskType }, group);
    const said = scoreSamples(counted)[0]?.scores.get(detector.name);
    if (said === undefined) return '';
    if (said.firm >= (rule.block ?? Infinity)) return 'block';
    if (said.any >= rule.review) return 'review';
    return said.firm >= (rule.corroborateFrom ?? Infinity) ? 'corroborate' : '';
  });
  return ORDER.find((threshold) => reached.includes(threshold)) ?? '';
}

const ORDER: readonly Reached[] = ['block', 'review', 'corroborate'];

function paintReached(cell: string, style: ReturnType<typeof createStyle>): string {
  switch (cell as Reached) {
    case 'block':
      return style.red(cell);
    case 'review':
      return style.yellow(cell);
    case 'corroborate':
      return style.cyan(cell);
    case '':
      return cell;
  }
}
