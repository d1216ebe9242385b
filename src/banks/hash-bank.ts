import { setImmediate } from 'node:timers/promises';
import { asFloat64, asUint32, NotABankError, readSections } from './content.js';
import { createHashIndex, indexInSteps, WORDS_PER_HASH, type HashIndex } from './hash-index.js';
import { hexOf } from './hex.js';

/** A known picture near the one asked for. */
export interface HashMatch {
  entry: string;
  /** Bits of 256 that differ. */
  distance: number;
}

/** A frame of a known video near the one asked for. */
export interface FrameMatch extends HashMatch {
  /** Index into the video's hashes. */
  frame: number;
}

/** vPDQ of a video. */
export interface KnownVideo {
  /** 8 words a frame, as {@link HashBank.lookup} has them. */
  hashes: Uint32Array;
  /** 0–100, by frame. */
  qualities: Uint8Array;
  /** Seconds from the beginning, by frame. */
  timestampsS: Float64Array;
}

/** The content of a bank of kind `hashes`, with an index made for it. */
export interface HashBank {
  /**
   * Entries that are pictures within the distance, the nearest first; an entry of several hashes comes once. Frames of videos are not among them.
   * @param hash 8 words of 32 bits; the first hexadecimal digit is the highest bits of word 0
   * @param maxDistance 0–256; up to 31 the index answers, beyond it every hash is compared
   */
  lookup(hash: Uint32Array, maxDistance: number): HashMatch[];
  /** The same for the frames of known videos: each frame within the distance, the nearest first. */
  lookupFrame(hash: Uint32Array, maxDistance: number): FrameMatch[];
  /** By entry. */
  videos: ReadonlyMap<string, KnownVideo>;
  /** Entry of the file with this MD5 or SHA-256, in hexadecimal; `null`: unknown. */
  findFile(hexDigest: string): string | null;
}

/** Instead of a name: the entry is called by its own hash. */
export const NAMELESS = 0xffff_ffff;

/** The same content as it lies in the bytes; nothing is built for it. */
export interface HashSections {
  /** By the numbers that the other sections have. */
  nameAt: (index: number) => string;
  /** 8 words a picture, sorted. */
  pictures: Uint32Array;
  /** Name of each picture. */
  pictureNames: Uint32Array;
  /** 8 words a frame of the videos, one after the other. */
  frames: Uint32Array;
  qualities: Uint8Array;
  timestampsS: Float64Array;
  videoNames: Uint32Array;
  /** First frame of each video, and at the end the number of frames. */
  videoStarts: Uint32Array;
  /** 16 bytes each, sorted. */
  md5s: Uint8Array;
  md5Names: Uint32Array;
  /** 32 bytes each, sorted. */
  sha256s: Uint8Array;
  sha256Names: Uint32Array;
}

/** @throws {NotABankError} */
export function readHashSections(bytes: Uint8Array): HashSections {
  const section = readSections('hashes', bytes);
  const nameStarts = asUint32(section('nameStarts'));
  const nameText = section('names');
  const decoder = new TextDecoder();
  const sections = {
    nameAt: (index: number) => decoder.decode(nameText.subarray(nameStarts[index], nameStarts[index + 1])),
    pictures: asUint32(section('pictures')),
    pictureNames: asUint32(section('pictureNames')),
    frames: asUint32(section('frames')),
    qualities: section('qualities'),
    timestampsS: asFloat64(section('timestamps')),
    videoNames: asUint32(section('videoNames')),
    videoStarts: asUint32(section('videoStarts')),
    md5s: section('md5s'),
    md5Names: asUint32(section('md5Names')),
    sha256s: section('sha256s'),
    sha256Names: asUint32(section('sha256Names')),
  };
  if (sections.pictures.length !== sections.pictureNames.length * WORDS_PER_HASH)
    throw new NotABankError('hashes', 'its hashes and their names are not as many');
  return sections;
}

/**
 * Opens the content of a bank. The index is built here: about half a second for a million hashes, for which it takes 100 MB with the hashes, besides their names.
 * @throws {NotABankError}
 */
export function openHashBank(bytes: Uint8Array): HashBank {
  const sections = readHashSections(bytes);
  return bankOf(sections, createHashIndex(sections.pictures), createHashIndex(sections.frames));
}

/**
 * The same without keeping others on this thread waiting for it.
 * @throws {NotABankError}
 */
export async function openHashBankInSteps(bytes: Uint8Array): Promise<HashBank> {
  const sections = readHashSections(bytes);
  const build = async (words: Uint32Array): Promise<HashIndex> => {
    const steps = indexInSteps(words);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      await setImmediate();
    }
  };
  return bankOf(sections, await build(sections.pictures), await build(sections.frames));
}

function bankOf(sections: HashSections, pictureIndex: HashIndex, frameIndex: HashIndex): HashBank {
  const { pictures, pictureNames, videoStarts, nameAt } = sections;
  const videoNames = Array.from(sections.videoNames, (name) => nameAt(name));
  return {
    lookup(hash, maxDistance) {
      const nearest = new Map<string, number>();
      pictureIndex(hash, maxDistance, (row, distance) => {
        const entry = entryOf(nameAt, pictureNames[row] as number, () => hexOf(hashAt(pictures, row)));
        nearest.set(entry, Math.min(distance, nearest.get(entry) ?? distance));
      });
      return Array.from(nearest, ([entry, distance]) => ({ entry, distance })).sort(byDistance);
    },
    lookupFrame(hash, maxDistance) {
      const found: FrameMatch[] = [];
      frameIndex(hash, maxDistance, (row, distance) => {
        const video = lastAtOrBelow(videoStarts, row);
        found.push({ entry: videoNames[video] as string, frame: row - (videoStarts[video] as number), distance });
      });
      return found.sort(byDistance);
    },
    videos: new Map(videoNames.map((name, video) => [name, videoAt(sections, video)])),
    findFile(hexDigest) {
      const digest = Buffer.from(hexDigest, 'hex');
      const md5 = digest.length === 16;
      const [digests, names] = md5 ? [sections.md5s, sections.md5Names] : [sections.sha256s, sections.sha256Names];
      const row = findRow(digests, digest);
      return row === null ? null : entryOf(nameAt, names[row] as number, () => hexDigest.toLowerCase());
    },
  };
}

/** The hash of a picture or frame, as a view. */
export function hashAt(words: Uint32Array, row: number): Uint32Array {
  return words.subarray(row * WORDS_PER_HASH, (row + 1) * WORDS_PER_HASH);
}

/** The name, or the hash itself where it was given none. */
export function entryOf(nameAt: HashSections['nameAt'], name: number, hex: () => string): string {
  return name === NAMELESS ? hex() : nameAt(name);
}

/** One video of a bank. */
export function videoAt({ frames, qualities, timestampsS, videoStarts }: HashSections, video: number): KnownVideo {
  const [from, to] = [videoStarts[video], videoStarts[video + 1]] as [number, number];
  return {
    hashes: frames.subarray(from * WORDS_PER_HASH, to * WORDS_PER_HASH),
    qualities: qualities.subarray(from, to),
    timestampsS: timestampsS.subarray(from, to),
  };
}

const byDistance = (a: HashMatch, b: HashMatch): number =>
  a.distance - b.distance || (a.entry < b.entry ? -1 : Number(a.entry > b.entry));

/** Index of the last number that is not above the one asked for; the first is not. */
function lastAtOrBelow(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function findRow(sorted: Uint8Array, digest: Uint8Array): number | null {
  const size = digest.length;
  if (size !== 16 && size !== 32) return null;
  let [low, high] = [0, sorted.length / size];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = Buffer.compare(sorted.subarray(middle * size, (middle + 1) * size), digest);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return null;
}
