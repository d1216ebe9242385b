import { digestOf } from '../../digest.js';
import type { Observation } from '../../schema/observation.js';
import type { Analyser } from '../analysers.js';
import { findInText } from './findings-in-text.js';
import { OCR_FILES, OCR_VERSION } from './ocr/ocr-facts.js';
import { readingFamily } from './reading-family.js';
import type { TextLine } from './text-line.js';

const NAME = 'text';
const ANALYSER: Analyser<'text'> = { kind: 'text', id: 'pp-ocrv4', settings: null };

/** To be raised with every change of what is found in writing: part of the detector's digest. */
const FINDING_VERSION = 1;

/** Characters of a line that are kept: longer ones are pages, and each observation goes through heartbeats. */
const MOST_CHARACTERS = 300;

const READS =
  'Reads printed Chinese and Latin writing from about 12 pixels on, level, turned or upside down; not handwriting, other scripts, letters stacked one over the other, or letters made to be pictures';
const SEES_ADS = `${READS}. Looks in it for web addresses, telephone numbers, messenger names, prices and the terms of banks.`;
const SEES_TERMS = `${READS}. Looks in it for the terms of banks only: it does not understand what is written.`;

/** Writing in the picture: what advertises, and operators' terms. */
export const text = readingFamily({
  name: NAME,
  // Measured: 720p without writing on one core, and 25 to 75 more for each line; 7 where the picture cannot hold any.
  costMs: 160,
  info(scene, banks) {
    const files = Object.values(OCR_FILES).map(({ sha256 }) => sha256);
    const digest = digestOf([files, OCR_VERSION, FINDING_VERSION, banks.map((bank) => bank.digest)]);
    const sees = scene === 'ad' ? SEES_ADS : SEES_TERMS;
    return { name: NAME, version: 'PP-OCRv4', digest, scene, atMost: 'block', sees };
  },
  async read(frame, { pool, scenes, banks, signal }) {
    const { sample } = frame;
    const lines = await pool.look(ANALYSER, frame, null, signal);
    const found = findInText(lines, banks, scenes).map((it) => ({ detector: NAME, sample, ...it }));
    return [...found, ...readings(sample, lines)];
  },
});

/** All that was read, so that it can be compared with other terms later without decoding. It decides nothing. */
function readings(sample: number, lines: readonly TextLine[]): Observation[] {
  return lines.map(({ text: line, confidence, box }) => ({
    detector: NAME,
    sample,
    class: 'reading',
    score: confidence,
    box,
    text: Array.from(line).slice(0, MOST_CHARACTERS).join(''),
  }));
}
