import { setImmediate } from 'node:timers/promises';
import type { HashBank, KnownVideo } from '../../banks/hash-bank.js';
import { LEAST_QUALITY, MOST_DISTANCE } from './match-rule.js';
import { hashOfText, nearlyMirrored } from './pdq-hash.js';

/** A sample of the video in question. */
export interface HashedSample {
  sample: number;
  /** As `hashText` writes them, of quality LEAST_QUALITY or more: of the whole picture, and of what is between bars. At least one. */
  hashes: readonly string[];
}

/** A known video that the one in question equals or contains, or is an excerpt of. */
export interface VideoMatch {
  entry: string;
  /** Samples with a frame of it, ascending, each with the distance to the nearest. */
  samples: { sample: number; distance: number }[];
}

/**
 * Share of the known video that must be met with (vPDQ's README: compared match 80 %, query match 0 %), or of the one in question (the defaults of
 * python-threatexchange: query match 80 %, index match 0 %): the first finds it inside a longer one, the second finds excerpts of it.
 */
const LEAST_SHARE = 0.8;

/** Different frames that must match: fewer, such as the same title card, do not make two videos the same. */
const LEAST_FRAMES = 3;

/** Videos of one bank that a video is said to equal: the nearest ones; a bank may hold many copies of the same. */
const MOST_MATCHES = 3;

/** Milliseconds that the event loop may be kept from other work. */
const TURN_MS = 10;

/** What is found of one known video so far. */
interface Hits {
  /** Distance to the nearest of its frames, by the hashes asked for. */
  distances: Map<string, number>;
  frames: Set<number>;
}

/**
 * vPDQ: frames are compared as a bag, whatever their order and rate. Where samples lie seconds apart most frames of a known video have none to match:
 * it counts as met in every stretch of `spacingS` (at least a second) in which one of its frames is.
 */
export async function matchVideos(
  bank: HashBank,
  samples: readonly HashedSample[],
  spacingS: number,
  signal: AbortSignal,
): Promise<VideoMatch[]> {
  const asked = new Map(samples.map((sample) => [keyOf(sample), sample.hashes]));
  const found = new Map<string, Hits>();
  signal.throwIfAborted();
  let turn = performance.now();
  for (const [key, hashes] of asked) {
    if (performance.now() - turn > TURN_MS) {
      await setImmediate();
      signal.throwIfAborted();
      turn = performance.now();
    }
    addHits(bank, key, hashes, found);
  }
  return [...found]
    .filter(([entry, { distances, frames }]) => {
      const video = bank.videos.get(entry);
      if (video === undefined || distances.size < LEAST_FRAMES) return false;
      return distances.size / asked.size >= LEAST_SHARE || shareMet(video, frames, spacingS) >= LEAST_SHARE;
    })
    .map(([entry, { distances }]) => ({ entry, samples: samplesIn(samples, distances) }))
    .sort((a, b) => meanDistance(a) - meanDistance(b) || (a.entry < b.entry ? -1 : 1))
    .slice(0, MOST_MATCHES);
}

function meanDistance({ samples }: VideoMatch): number {
  return samples.reduce((sum, { distance }) => sum + distance, 0) / samples.length;
}

/** Samples that look alike have the same. */
function keyOf({ hashes }: HashedSample): string {
  return hashes.join();
}

/** As the frame is and as a mirror shows it, by any of its hashes. */
function addHits(bank: HashBank, key: string, hashes: readonly string[], found: Map<string, Hits>): void {
  const matches = hashes
    .map(hashOfText)
    .flatMap((hash) => [hash, nearlyMirrored(hash)])
    .flatMap((each) => bank.lookupFrame(each, MOST_DISTANCE));
  for (const { entry, frame, distance } of matches) {
    if ((bank.videos.get(entry)?.qualities[frame] ?? 0) < LEAST_QUALITY) continue;
    const hits: Hits = found.get(entry) ?? { distances: new Map(), frames: new Set() };
    hits.distances.set(key, Math.min(distance, hits.distances.get(key) ?? Infinity));
    hits.frames.add(frame);
    found.set(entry, hits);
  }
}

/** Of the stretches of a known video that have frames to compare, the share in which one is met. */
function shareMet({ qualities, timestampsS }: KnownVideo, frames: ReadonlySet<number>, spacingS: number): number {
  const stretch = (frame: number): number => Math.floor((timestampsS[frame] ?? 0) / Math.max(1, spacingS));
  const all = new Set<number>();
  qualities.forEach((quality, frame) => {
    if (quality >= LEAST_QUALITY) all.add(stretch(frame));
  });
  return new Set([...frames].map(stretch)).size / all.size;
}

function samplesIn(samples: readonly HashedSample[], distances: ReadonlyMap<string, number>): VideoMatch['samples'] {
  return samples
    .flatMap((each) => {
      const distance = distances.get(keyOf(each));
      return distance === undefined ? [] : [{ sample: each.sample, distance }];
    })
    .sort((a, b) => a.sample - b.sample);
}
