import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Analyser } from '../analysers.js';
import type { Detector, DetectorFamily } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import type { Code, CodeClass } from './code.js';
import { CODE_FORMATS, READER_SHA256, READER_VERSION, READING_VERSION } from './reader-facts.js';

const NAME = 'codes';
const ANALYSER: Analyser<'codes'> = { kind: 'codes', id: 'zxing', settings: null };

/**
 * How certain it is that there is a code, and one for people to scan. A QR code that was read has passed its error correction: it is there. Other codes
 * have weaker checks and are as often on goods. Both below 1, so that a policy can block on what a code says (`block: 1`) without blocking on all codes.
 */
const SCORES: Readonly<Record<CodeClass, number>> = { qrcode: 0.9, barcode: 0.8 };

const SEES =
  'Reads QR codes, Data Matrix, Aztec and PDF417 codes and EAN-13, UPC-A and Code 128 barcodes, also turned, inverted or slanted; not the round codes of mini programs, and none that is blurred or smaller than about two pixels a module.';

/** Codes that telephones read. */
export const codes: DetectorFamily = {
  name: NAME,
  scenes: ['ad'],
  infos: (scenes) => Promise.resolve(scenes.includes('ad') ? [INFO] : []),
  create: ({ pool }) => Promise.resolve(codesDetector(pool)),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: READER_VERSION,
  digest: createHash('sha256')
    .update(`${READER_SHA256}\n${Object.keys(CODE_FORMATS).join()}\n${READING_VERSION}\n`)
    .digest('hex'),
  scene: 'ad',
  atMost: 'block',
  sees: SEES,
};

function codesDetector(pool: InferencePool): Detector {
  return {
    name: NAME,
    costMs: 15,
    async detect(batch, _run, signal) {
      const running = batch.map(async (frame) =>
        observations(frame.sample, await pool.look(ANALYSER, frame, null, signal)),
      );
      // A failure waits for the other frames: until then threads may be reading them.
      await Promise.allSettled(running);
      return (await Promise.all(running)).flat();
    },
  };
}

function observations(sample: number, found: readonly Code[]): Observation[] {
  return found.map(({ class: kind, text, box }) => ({
    detector: NAME,
    sample,
    class: kind,
    score: SCORES[kind],
    box,
    text,
  }));
}
