import { clock } from '../../domain/reasons.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { BlockFrame } from '../../schema/verdict.js';
import { type BlockRun, blockRuns } from './block-runs.js';
import { summariseDetectors } from './detector-summaries.js';
import { count, score } from './quantities.js';
import type { Style } from './style.js';
import { pad, printable, wrap } from './terminal-text.js';

/** Runs of block frames shown; the rest is counted. */
const RUNS_SHOWN = 8;
/** Cells that stand for a rate of 100. */
const GAUGE = 10;
/** Cells of the widest rate, `100.0`. */
const RATE = 5;

/** Block frames, neighbouring ones as one line with the peak of their rates. */
export function frameLines(blockFrames: readonly BlockFrame[], style: Style): string[] {
  const runs = blockRuns(blockFrames);
  const shown = runs.slice(0, RUNS_SHOWN).map((run) => runCells(run));
  const widths = [0, 1].map((column) => Math.max(...shown.map((cells) => (cells[column] ?? '').length)));
  const lines = shown.map(([when, many, rate, rest], index) => {
    const filled = Math.round((Number(rate) / 100) * GAUGE);
    const gauge = style.yellow('━'.repeat(filled)) + style.dim('─'.repeat(GAUGE - filled));
    const peak = (runs[index]?.count ?? 1) > 1 ? style.dim(' peak') : '';
    return `${pad(when, widths[0] ?? 0)}  ${pad(many, widths[1] ?? 0)}  ${gauge} ${style.bold(pad(rate, RATE, 'right'))}${peak}  ${rest}`;
  });
  const hidden = runs.slice(RUNS_SHOWN).reduce((sum, run) => sum + run.count, 0);
  const more = hidden === 0 ? [] : [`and ${count(hidden, 'more sample')}: all of them with --json`];
  return [...lines, ...more];
}

function runCells({
  startS,
  endS,
  count: samples,
  peak,
  label,
  detectors,
}: BlockRun): [string, string, string, string] {
  const [start, end] = [clock(startS), clock(endS)];
  const when = samples === 1 ? start : `${start}–${end}`;
  return [when, count(samples, 'sample'), peak.rate.toFixed(1), `${label}  ${detectors.map(printable).join(' + ')}`];
}

/** What each detector said about the whole video: its highest score and where, and how many samples it saw. */
export function detectorLines(
  detectors: readonly DetectorInfo[],
  { observations, timeS }: { observations: readonly Observation[]; timeS: (sample: number) => number },
  width: number,
): string[] {
  if (detectors.length === 0) return ['none'];
  const names = detectors.map(({ name, version }) => printable(`${name} ${version}`));
  const nameWidth = Math.max(...names.map((name) => name.length));
  return summariseDetectors(detectors, observations).flatMap(({ samples, peak, detector: { scene } }, index) => {
    const said =
      samples === 0
        ? 'was not asked'
        : peak === null
          ? `saw nothing that speaks for ${scene}; ${count(samples, 'sample')}`
          : `${printable(peak.class)} at most ${score(peak.score)} at ${clock(timeS(peak.sample))}; ${count(samples, 'sample')}`;
    const [first = '', ...rest] = wrap(said, width - nameWidth - 2);
    return [`${pad(names[index] ?? '', nameWidth)}  ${first}`, ...rest.map((line) => ' '.repeat(nameWidth + 2) + line)];
  });
}
