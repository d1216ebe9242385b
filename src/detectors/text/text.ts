import { digestOf } from '../../digest.js';
import type { BankRef } from '../../schema/bank.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { DetectorFamily } from '../detector.js';
import { findInText } from './findings-in-text.js';
import { OCR_FILES, OCR_VERSION } from './ocr/ocr-facts.js';
import { OpenTermBanks, TERM_SCENES, termBanksOf } from './term-banks.js';
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
export const text: DetectorFamily = {
  name: NAME,
  scenes: TERM_SCENES,
  infos: (scenes, { banks }) =>
    Promise.resolve(
      TERM_SCENES.filter((scene) => scenes.includes(scene)).flatMap((scene) =>
        info(scene, termBanksOf(banks, [scene])),
      ),
    ),
  create({ pool, banks: reader }) {
    const open = new OpenTermBanks(reader);
    return Promise.resolve({
      name: NAME,
      // Measured: 720p without writing on one core, and 25 to 75 more for each line; 7 where the picture cannot hold any.
      costMs: 160,
      async detect(batch, run, signal) {
        const refs = termBanksOf(run.banks, run.scenes);
        // Without either there is nothing that could be found.
        if (refs.length === 0 && !run.scenes.includes('ad')) return [];
        const banks = await open.open(refs);
        const running = batch.map(async (frame) => {
          const { sample } = frame;
          const lines = await pool.look(ANALYSER, frame, null, signal);
          const found = findInText(lines, banks, run.scenes).map((it) => ({ detector: NAME, sample, ...it }));
          return [...found, ...readings(sample, lines)];
        });
        return (await allSettled(running)).flat();
      },
    });
  },
};

/** Without terms writing is asked about for advertisements only. */
function info(scene: Scene, banks: readonly BankRef[]): DetectorInfo[] {
  if (scene !== 'ad' && banks.length === 0) return [];
  const files = Object.values(OCR_FILES).map(({ sha256 }) => sha256);
  const digest = digestOf([files, OCR_VERSION, FINDING_VERSION, banks.map((bank) => bank.digest)]);
  const sees = scene === 'ad' ? SEES_ADS : SEES_TERMS;
  return [{ name: NAME, version: 'PP-OCRv4', digest, scene, atMost: 'block', sees }];
}

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
