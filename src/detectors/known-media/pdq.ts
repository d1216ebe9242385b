/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction */
import type { Look } from '../analysers.js';
import type { Picture } from '../preparation/picture.js';
import { withoutBars } from './bars.js';
import { cosineTransform } from './cosines.js';
import { HASH_WORDS } from './pdq-hash.js';
import { shrink, type Part } from './shrink.js';
import { SIDE } from './tent.js';

/** To be raised with every change that can alter a hash: it is part of the detector's digest. */
export const PDQ_VERSION = 1;

/** A picture's fingerprint after Meta's PDQ (facebook/ThreatExchange, pdq/cpp). */
export interface Pdq {
  /** Eight words, the first hexadecimal digit being the highest bits of word 0. */
  hash: Uint32Array;
  /** Of the picture as a mirror shows it, left and right exchanged. */
  mirrored: Uint32Array;
  /** How much there is to tell it by, 0–100. Below 50 a hash should not be compared. */
  quality: number;
}

/** Pictures with a shorter side have no hash: it is 0, with quality 0. */
const SHORTEST_PX = 5;
/** Sum of gradients, each in hundredths of the whole range, that makes one of quality. */
const GRADIENTS = 90;

/**
 * Shares of width and height that are left of a picture for the hashes of a bank: a hash hardly survives a cut (2 % of the width moves it by 18–88
 * bits, 10 % by about 100, as far as an unrelated one), so that a bank that is made of pictures keeps the cut ones as well. Between neighbours lie 2.5 %.
 */
const CUTS = [1, 0.975, 0.95, 0.925, 0.9] as const;

const values = new Float64Array(SIDE * SIDE);

/** The hash of a picture of any size and format. */
export function pdqOf(picture: Picture): Pdq {
  return pdqOfPart(picture, wholeOf(picture));
}

/** The hashes that a picture is looked up by: that of the whole one first, and then, where bars lie around it, those of what may be between them. */
export function pdqsOf(picture: Picture): Pdq[] {
  return [wholeOf(picture), ...withoutBars(picture)].map((part) => pdqOfPart(picture, part));
}

/**
 * The hashes that tell a picture of a bank again, with bars or without, also when it was cut evenly on all sides by up to a tenth; that of the whole
 * picture first.
 */
export function pdqsForBank(picture: Picture): Pdq[] {
  return [wholeOf(picture), ...withoutBars(picture).slice(0, 1)].flatMap((part) =>
    CUTS.map((share) => {
      const width = Math.round(part.width * share);
      const height = Math.round(part.height * share);
      const left = part.left + ((part.width - width) >> 1);
      const top = part.top + ((part.height - height) >> 1);
      return pdqOfPart(picture, { left, top, width, height });
    }),
  );
}

function wholeOf({ widthPx, heightPx }: Picture): Part {
  return { left: 0, top: 0, width: widthPx, height: heightPx };
}

function pdqOfPart(picture: Picture, part: Part): Pdq {
  if (Math.min(part.width, part.height) < SHORTEST_PX)
    return { hash: new Uint32Array(HASH_WORDS), mirrored: new Uint32Array(HASH_WORDS), quality: 0 };
  shrink(picture, part, values);
  const coefficients = cosineTransform(values);
  const mirrored = aboveMedian(mirror(coefficients));
  return { hash: aboveMedian(coefficients), mirrored, quality: qualityOf(values) };
}

/** Cosines of odd frequencies, which are those of even index, change their sign when left and right are exchanged. */
function mirror(coefficients: Float64Array): Float64Array {
  return coefficients.map((value, index) => (index % 2 === 0 ? -value : value));
}

/** One bit for each coefficient: whether it is greater than the 128th smallest. The last coefficient is the highest bit. */
function aboveMedian(coefficients: Float64Array): Uint32Array {
  const median = Float64Array.from(coefficients).sort()[coefficients.length / 2 - 1]!;
  const hash = new Uint32Array(HASH_WORDS);
  coefficients.forEach((value, index) => {
    if (value > median) hash[HASH_WORDS - 1 - (index >> 5)]! |= 1 << (index & 31);
  });
  return hash;
}

/** Counts gradients that are seen, not the many small ones of noise: each is rounded towards nothing. */
function qualityOf(shrunk: Float64Array): number {
  let sum = 0;
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at++) {
      if (row + 1 < SIDE) sum += step(shrunk[at]!, shrunk[at + SIDE]!);
      if (column + 1 < SIDE) sum += step(shrunk[at]!, shrunk[at + 1]!);
    }
  }
  return Math.min(100, Math.floor(sum / GRADIENTS));
}

function step(a: number, b: number): number {
  return Math.abs(Math.trunc(((a - b) * 100) / 255));
}

/** What a thread is asked for hashes by. */
export function loadPdq(): Promise<Look<'pdq'>> {
  return Promise.resolve((picture) => Promise.resolve(pdqsOf(picture)));
}
