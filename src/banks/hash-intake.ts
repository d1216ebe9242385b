import type { KnownVideo } from './hash-bank.js';
import type { HashBankBuilder } from './hash-bank-builder.js';
import { WORDS_PER_HASH } from './hash-index.js';
import { readHex } from './hex.js';
import { ImportProblemError, shown } from './import-problem.js';
import type { HashType } from './signal-types.js';

/** PDQ hashes of a lower quality match pictures that have nothing in common: pdq/README.md of facebook/ThreatExchange says to discard them. */
export const MINIMUM_QUALITY = 50;
/** Signs of a name. */
const LONGEST_NAME = 200;

/** Where in a file something was found. */
export interface Place {
  file: string;
  line: number | null;
}

/** A frame of a vPDQ video as lists have it. */
export interface ListedFrame {
  quality: number;
  hash: string;
  timestampS: number;
}

/** Takes hashes from lists into a bank, and keeps account of what it leaves out. */
export class HashIntake {
  /** How many were left out, by the reason. */
  readonly leftOut = new Map<string, number>();
  readonly #scratch = { pdq: new Uint32Array(WORDS_PER_HASH), md5: new Uint32Array(4), sha256: new Uint32Array(8) };

  constructor(private readonly builder: HashBankBuilder) {}

  /**
   * A PDQ, MD5 or SHA-256.
   * @param entry `null`: it is called by its hash
   * @throws {ImportProblemError}
   */
  add(type: Exclude<HashType, 'vpdq'>, hash: string, entry: string | null, place: Place): void {
    const words = this.#scratch[type];
    if (!readHex(hash, words)) throw notHex(place, type, hash);
    const name = entry === null || entry === '' ? null : checkedName(entry, place);
    if (type === 'pdq') this.builder.addPicture(name, words);
    else this.builder.addFile(name, words);
  }

  /**
   * The frames of one video; those of low quality are left out.
   * @throws {ImportProblemError} also when none is left
   */
  addVideo(entry: string, frames: readonly ListedFrame[], place: Place): void {
    const good = frames.filter(({ quality }) => quality >= MINIMUM_QUALITY);
    if (good.length < frames.length)
      this.leave(`frames with a quality below ${MINIMUM_QUALITY}`, frames.length - good.length);
    if (good.length === 0)
      throw new ImportProblemError(
        place.file,
        place.line,
        `Expected a frame with a quality of ${MINIMUM_QUALITY} or more, found none of ${frames.length}.`,
      );
    this.builder.addVideo(checkedName(entry, place), videoOf(good, place));
  }

  /** Counts what a bank cannot hold, or should not. */
  leave(reason: string, count = 1): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + count);
  }
}

/**
 * One line `n,quality,hash,timestamp` of what Meta's `vpdq-hash-video` writes; the number is not used.
 * @throws {ImportProblemError}
 */
export function listedFrame(fields: readonly string[], place: Place): ListedFrame {
  const [, quality, hash, timestamp] = fields.map((field) => field.trim());
  const frame = { quality: Number(quality), hash: hash ?? '', timestampS: Number(timestamp) };
  const isGood = fields.length === 4 && frame.quality >= 0 && frame.quality <= 100 && frame.timestampS >= 0;
  if (!isGood || quality === '' || timestamp === '')
    throw new ImportProblemError(
      place.file,
      place.line,
      `Expected n,quality,hash,timestamp with a quality of 0-100 and seconds, found ${shown(fields.join())}.`,
    );
  return frame;
}

function videoOf(frames: readonly ListedFrame[], place: Place): KnownVideo {
  const hashes = new Uint32Array(frames.length * WORDS_PER_HASH);
  frames.forEach(({ hash }, frame) => {
    if (!readHex(hash, hashes.subarray(frame * WORDS_PER_HASH, (frame + 1) * WORDS_PER_HASH)))
      throw notHex(place, 'pdq', hash);
  });
  return {
    hashes,
    qualities: Uint8Array.from(frames, ({ quality }) => quality),
    timestampsS: Float64Array.from(frames, ({ timestampS }) => timestampS),
  };
}

const DIGITS = { pdq: 64, sha256: 64, md5: 32 } as const;
const TITLES = { pdq: 'a PDQ hash', sha256: 'a SHA-256', md5: 'an MD5' } as const;

function notHex({ file, line }: Place, type: keyof typeof DIGITS, found: string): ImportProblemError {
  return new ImportProblemError(
    file,
    line,
    `Expected ${TITLES[type]} of ${DIGITS[type]} hexadecimal digits, found ${shown(found)}.`,
  );
}

/** @throws {ImportProblemError} */
export function checkedName(name: string, { file, line }: Place): string {
  if (name.length > LONGEST_NAME || /[\p{Cc}\p{Cs}]/u.test(name))
    throw new ImportProblemError(
      file,
      line,
      `Expected a name of at most ${LONGEST_NAME} signs without control characters, found ${shown(name)}.`,
    );
  return name;
}
