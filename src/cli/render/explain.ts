import { clock } from '../../domain/reasons.js';
import { observationsOf, scoreSamples } from '../../domain/score-samples.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Policy } from '../../schema/policy.js';
import type { TaskType } from '../../schema/task.js';
import { score } from './quantities.js';
import type { Layout } from './report.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';
import { printable } from './terminal-text.js';

/** Cells that scores need at least. */
const LEAST_SCORES = 20;
/** Keeps a class and its score on one line. */
const HARD_SPACE = '\u00A0';

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
    ([a], [b]) => a.sample - b.sample || rank(a.detector) - rank(b.detector),
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

function said({ class: kind, score: value, text, match }: Observation): string {
  const quoted = text === undefined ? '' : ` “${printable(text)}”`;
  const matched =
    match === undefined ? '' : ` ${printable(`${match.bank}/${match.entry}`)} at distance ${match.distance}`;
  return `${printable(kind)}${HARD_SPACE}${score(value)}${quoted}${matched}`;
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
