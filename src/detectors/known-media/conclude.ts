import type { HashBank } from '../../banks/hash-bank.js';
import { sampleTimeS } from '../../domain/sample-plan.js';
import type { BankMatch, Observation, TimeSpan } from '../../schema/observation.js';
import type { Classified } from '../detector.js';
import { LEAST_QUALITY } from './match-rule.js';
import { matchVideos, type HashedSample, type VideoMatch } from './match-video.js';

/** Classes of the hashes of a sample: of the whole picture, and of what is between bars, of which there may be several. */
export const HASH = 'hash';
export const HASH_WITHOUT_BARS = 'hash-without-bars';

/** A sample of something in a bank that the whole file, or a stretch of it, equals. */
export interface WholeMatch {
  sample: number;
  match: Omit<BankMatch, 'bank'>;
  /** All of the stretch, at the sample of it that is nearest. */
  span?: TimeSpan;
}

/** Samples of one stretch lie this close: one in between that looks like nothing known does not divide it. */
const NEIGHBOUR = 2;

/** What only shows of the file as a whole: that it is known byte for byte, or that it shows a known video. */
export async function concludeKnownMedia(
  bank: HashBank,
  { observations, plan, video, sourceMd5 }: Classified,
  sourceSha256: string,
  signal: AbortSignal,
): Promise<WholeMatch[]> {
  const timeS = (sample: number): number => sampleTimeS(plan, video.timeBase, sample);
  const files = new Set([sourceSha256, sourceMd5].flatMap((digest) => bank.findFile(digest) ?? []));
  const whole = { startS: 0, endS: video.durationS };
  const videos =
    bank.videos.size === 0
      ? []
      : await matchVideos(bank, hashedSamples(observations), video.durationS / Math.max(1, plan.count), signal);
  return [
    ...[...files].map((entry) => ({ sample: 0, match: { entry, distance: 0 }, span: whole })),
    ...videos.flatMap(({ entry, samples }) => stretches(entry, samples, timeS)),
  ];
}

function hashedSamples(observations: readonly Observation[]): HashedSample[] {
  const bySample = new Map<number, string[]>();
  for (const { detector, class: kind, score, sample, text } of observations) {
    if (detector !== 'known-media' || (kind !== HASH && kind !== HASH_WITHOUT_BARS)) continue;
    if (score < LEAST_QUALITY / 100 || text === undefined) continue;
    bySample.set(sample, [...(bySample.get(sample) ?? []), text]);
  }
  return Array.from(bySample, ([sample, hashes]) => ({ sample, hashes }));
}

/** All samples, and at the nearest of those that are neighbours how far they reach. */
function stretches(entry: string, samples: VideoMatch['samples'], timeS: (sample: number) => number): WholeMatch[] {
  const found: VideoMatch['samples'][] = [];
  for (const each of samples) {
    const current = found.at(-1);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && each.sample - last.sample <= NEIGHBOUR) current.push(each);
    else found.push([each]);
  }
  return found.flatMap((stretch) => {
    const [first] = stretch;
    const last = stretch.at(-1);
    if (first === undefined || last === undefined) return [];
    const nearest = stretch.reduce((best, each) => (each.distance < best.distance ? each : best), first);
    const span = { startS: timeS(first.sample), endS: timeS(last.sample) };
    return stretch.map((each) => ({
      sample: each.sample,
      match: { entry, distance: each.distance },
      ...(each === nearest && { span }),
    }));
  });
}
