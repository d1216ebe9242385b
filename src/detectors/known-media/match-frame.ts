import type { HashBank, HashMatch } from '../../banks/hash-bank.js';
import { MOST_DISTANCE } from './match-rule.js';
import type { Pdq } from './pdq.js';

/** Entries of one bank that a frame is said to equal: the nearest ones; a bank may hold many copies of the same. */
const MOST_MATCHES = 3;

/** What a frame looks like in one bank, the nearest first. */
export interface FrameMatches {
  /** Known pictures. */
  pictures: HashMatch[];
  /** Known videos of which a frame looks like it. */
  videos: HashMatch[];
}

/** Looks the frame up by all of its hashes, as it is and as a mirror shows it. */
export function matchFrame(bank: HashBank, pdqs: readonly Pick<Pdq, 'hash' | 'mirrored'>[]): FrameMatches {
  const all = pdqs.flatMap(({ hash, mirrored }) => [hash, mirrored]);
  return {
    pictures: nearest(all.flatMap((each) => bank.lookup(each, MOST_DISTANCE))),
    videos: bank.videos.size === 0 ? [] : nearest(all.flatMap((each) => bank.lookupFrame(each, MOST_DISTANCE))),
  };
}

function nearest(matches: readonly HashMatch[]): HashMatch[] {
  const byEntry = new Map<string, number>();
  for (const { entry, distance } of matches) byEntry.set(entry, Math.min(distance, byEntry.get(entry) ?? Infinity));
  return [...byEntry]
    .map(([entry, distance]) => ({ entry, distance }))
    .sort((a, b) => a.distance - b.distance || (a.entry < b.entry ? -1 : 1))
    .slice(0, MOST_MATCHES);
}
