import { clock } from '../../domain/reasons.js';
import type { Observation } from '../../schema/observation.js';
import type { BlockFrame, Verdict } from '../../schema/verdict.js';
import { blockRuns } from './block-runs.js';
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
  const rows = runs.slice(0, RUNS_SHOWN).map((run) => ({
    when: run.count === 1 ? clock(run.startS) : `${clock(run.startS)}–${clock(run.endS)}`,
    many: count(run.count, 'sample'),
    rate: run.peak.rate,
    peak: run.count === 1 ? '' : ' peak',
    what: `${run.label}  ${run.detectors.map(printable).join(' + ')}`,
  }));
  const widest = (key: 'when' | 'many' | 'peak') => Math.max(0, ...rows.map((row) => row[key].length));
  const [whenWidth, manyWidth, peakWidth] = [widest('when'), widest('many'), widest('peak')];
  const lines = rows.map(({ when, many, rate, peak, what }) => {
    const number = style.bold(pad(rate.toFixed(1), RATE, 'right')) + style.dim(pad(peak, peakWidth));
    return [pad(when, whenWidth), pad(many, manyWidth), `${gauge(rate, style)} ${number}`, what].join('  ');
  });
  const hidden = runs.slice(RUNS_SHOWN).reduce((sum, run) => sum + run.count, 0);
  return hidden === 0 ? lines : [...lines, `and ${count(hidden, 'more sample')}: all of them with --json`];
}

function gauge(rate: number, style: Style): string {
  const filled = Math.floor((rate / 100) * GAUGE);
  return style.yellow('━'.repeat(filled)) + style.dim('─'.repeat(GAUGE - filled));
}

/** What each detector said about the whole video: its highest score and where, and how many samples it saw. */
export function detectorLines(
  { detectors, looked }: Pick<Verdict, 'detectors' | 'looked'>,
  { observations, timeS }: { observations: readonly Observation[]; timeS: (sample: number) => number },
  width: number,
): string[] {
  if (detectors.length === 0) return ['none'];
  const isOfSeveral = (name: string): boolean => detectors.filter((other) => other.name === name).length > 1;
  const names = detectors.map(({ name, version, scene }) =>
    printable(`${name} ${version}${isOfSeveral(name) ? ` (${scene})` : ''}`),
  );
  const nameWidth = Math.max(...names.map((name) => name.length));
  return summariseDetectors(detectors, observations, looked).flatMap(
    ({ samples, peak, detector: { scene } }, index) => {
      const said =
        samples === 0
          ? 'was not asked'
          : peak === null
            ? `saw nothing that speaks for ${scene}; ${count(samples, 'sample')}`
            : `${printable(peak.class)} at most ${score(peak.score)} at ${clock(timeS(peak.sample))}; ${count(samples, 'sample')}`;
      const [first = '', ...rest] = wrap(said, width - nameWidth - 2);
      return [
        `${pad(names[index] ?? '', nameWidth)}  ${first}`,
        ...rest.map((line) => ' '.repeat(nameWidth + 2) + line),
      ];
    },
  );
}
