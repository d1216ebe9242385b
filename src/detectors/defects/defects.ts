import { createHash } from 'node:crypto';
import { sampleTimeS } from '../../domain/sample-plan.js';
import type { Observation } from '../../schema/observation.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { Classified, Detector, DetectorFamily, WatchedSegment } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import { blurredStretches } from './blur.js';
import { blackStretches } from './dark.js';
import { flashingStretches } from './flash.js';
import { defectsOf, mayBeDefect } from './spans.js';
import { stillStretches } from './still.js';
import { STRETCH_KINDS, type Stretch } from './stretch.js';

/** To be raised with every change that can alter what is found: it is what the detector's digest is made of. */
const VERSION = '1.0.0';
const NAME = 'defects';
/** Not decisive: what segments show, to be joined at the end, and single samples without content. */
const STRETCH_CLASS = '-stretch';
const EMPTY_CLASS = 'empty';
/** A defect scores this as soon as it is long enough to be one, and 1 from LONG_S on: a higher threshold asks for longer ones. */
const LEAST_SCORE = 0.8;
const LONG_S = 10;
/** A sample this near to a black or flashing stretch belongs to it. */
const BESIDE_S = 0.5;
/** Samples without content, one after the other, that make a video meaningless there: a single one may be a cut or a flash. */
const LEAST_SAMPLES = 2;

const EMPTINESS: Analyser<'emptiness'> = { kind: 'emptiness', id: NAME, settings: null };

/** Pictures that show nothing: black, frozen, blurred or flashing for seconds, of one colour, noise, a test card. Of videos every picture is watched. */
export const defects: DetectorFamily = {
  name: NAME,
  scenes: ['live'],
  infos(scenes) {
    const info = {
      name: NAME,
      version: VERSION,
      digest: createHash('sha256').update(`${NAME}\n${VERSION}\n`).digest('hex'),
      scene: 'live',
      atMost: 'review',
      sees:
        'Black, frozen and blurred stretches of 2 s and more and flashes of most of the picture in all pictures of a video, and samples of one colour, ' +
        'noise or a test card; no flashes of a small part, and a still drawing counts as frozen.',
      concludes: true,
      watches: true,
    } as const;
    return Promise.resolve(scenes.includes('live') ? [info] : []);
  },
  create: ({ pool }) => Promise.resolve(detector(pool)),
};

function detector(pool: InferencePool): Detector {
  return {
    name: NAME,
    // Measured: 2.3 ms on a busy core, whatever the size.
    costMs: 2.3,
    async detect(batch, { scenes }, signal) {
      if (!scenes.includes('live')) return [];
      const looking = batch.map(async (frame) => {
        const text = await pool.look(EMPTINESS, frame, null, signal);
        return text === null ? [] : [{ detector: NAME, sample: frame.sample, class: EMPTY_CLASS, score: 1, text }];
      });
      return (await allSettled(looking)).flat();
    },
    watch: watchSegment,
    conclude: (classified, { scenes }) => Promise.resolve(scenes.includes('live') ? conclude(classified) : []),
  };
}

function watchSegment({ pictures, segment, plan, video }: WatchedSegment): Observation[] {
  const { timesS } = pictures;
  const [startS = 0, lastS = 0] = [timesS[0], timesS.at(-1)];
  // Where none follows, the last picture stays as long as the others did.
  const stays = segment.nextStartPts === null && timesS.length > 1 ? (lastS - startS) / (timesS.length - 1) : 0;
  return [blackStretches, stillStretches, blurredStretches, flashingStretches]
    .flatMap((find) => find(pictures))
    .map((stretch) => (stretch.endS === lastS ? { ...stretch, endS: lastS + stays } : stretch))
    .filter((stretch) => mayBeDefect(stretch, { startS, endS: lastS + stays }))
    .map(({ kind, share, turns, ...span }) => ({
      detector: NAME,
      sample: nearestSample(span, (sample) => sampleTimeS(plan, video.timeBase, sample), segment),
      class: `${kind}${STRETCH_CLASS}`,
      score: rounded(share),
      text: String(turns),
      span: { startS: rounded(span.startS), endS: rounded(span.endS) },
    }));
}

function conclude({ observations, plan, video }: Classified): Observation[] {
  const timeS = (sample: number): number => sampleTimeS(plan, video.timeBase, sample);
  const said = observations.filter((seen) => seen.detector === NAME);
  const found = defectsOf(said.flatMap(stretchOf)).map(({ kind, startS, endS }): Observation => ({
    detector: NAME,
    sample: nearestSample({ startS, endS }, timeS, { from: 0, to: plan.count }),
    class: kind,
    score: scoreOf(endS - startS),
    span: { startS, endS },
  }));
  return [...found, ...meaningless(said, found, plan.count === 1 || video.durationS === 0 ? 1 : LEAST_SAMPLES, timeS)];
}

/** Samples without content that stand in a row; those of a black or flashing stretch are called that. */
function meaningless(
  said: readonly Observation[],
  found: readonly Observation[],
  least: number,
  timeS: (sample: number) => number,
): Observation[] {
  const isTold = (sample: number): boolean =>
    found.some(({ class: kind, span }) => {
      return (
        /^(black|flashing)$/.test(kind) &&
        span !== undefined &&
        timeS(sample) >= span.startS - BESIDE_S &&
        timeS(sample) <= span.endS + BESIDE_S
      );
    });
  const rows: Observation[][] = [];
  for (const seen of said.filter(({ class: kind, sample }) => kind === EMPTY_CLASS && !isTold(sample))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last?.sample === seen.sample - 1 && last.text === seen.text) row.push(seen);
    else rows.push([seen]);
  }
  return rows
    .filter(({ length }) => length >= least)
    .flatMap((row) => {
      const [startS, endS] = [timeS(row[0]?.sample ?? 0), timeS(row.at(-1)?.sample ?? 0)];
      return row.map((seen) => ({
        ...seen,
        class: 'meaningless',
        score: scoreOf(endS - startS),
        span: { startS, endS },
      }));
    });
}

function stretchOf({ class: name, score, text, span }: Observation): Stretch[] {
  const kind = STRETCH_KINDS.find((candidate) => name === `${candidate}${STRETCH_CLASS}`);
  return kind === undefined || span === undefined ? [] : [{ kind, ...span, share: score, turns: Number(text) }];
}

/** The sample in [from, to) that lies nearest to the middle of the span. */
function nearestSample(
  { startS, endS }: { startS: number; endS: number },
  timeS: (sample: number) => number,
  { from, to }: { from: number; to: number },
): number {
  const middleS = (startS + endS) / 2;
  let nearest = from;
  for (let sample = from + 1; sample < to; sample++)
    if (Math.abs(timeS(sample) - middleS) < Math.abs(timeS(nearest) - middleS)) nearest = sample;
  return nearest;
}

function scoreOf(lengthS: number): number {
  return rounded(LEAST_SCORE + (1 - LEAST_SCORE) * Math.min(1, lengthS / LONG_S));
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
