import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Analyser } from '../analysers.js';
import type { Detector, DetectorFamily } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import { OCR_FILES, OCR_VERSION } from './ocr/ocr-facts.js';
import type { TextLine } from './text-line.js';

const NAME = 'text';
const ANALYSER: Analyser<'text'> = { kind: 'text', id: 'pp-ocrv4', settings: null };

/** Characters of a line that are kept: longer ones are pages, and each observation goes through heartbeats. */
const MOST_CHARACTERS = 300;

const SEES =
  'Reads Chinese and Latin writing of 12 pixels or more in height, level, turned or upside down, and looks in it for addresses, telephone numbers, messenger names and prices; not handwriting, other scripts, letters stacked one over the other, or fonts made to be pictures.';

/** Writing in the picture. */
export const text: DetectorFamily = {
  name: NAME,
  scenes: ['ad'],
  infos: (scenes) => Promise.resolve(scenes.includes('ad') ? [INFO] : []),
  create: ({ pool }) => Promise.resolve(textDetector(pool)),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: 'PP-OCRv4',
  digest: createHash('sha256')
    .update(
      `${Object.values(OCR_FILES)
        .map(({ sha256 }) => sha256)
        .join()}\n${OCR_VERSION}\n`,
    )
    .digest('hex'),
  scene: 'ad',
  atMost: 'block',
  sees: SEES,
};

function textDetector(pool: InferencePool): Detector {
  return {
    name: NAME,
    costMs: 150,
    async detect(batch, _run, signal) {
      const running = batch.map(async (frame) =>
        readings(frame.sample, await pool.look(ANALYSER, frame, null, signal)),
      );
      // A failure waits for the other frames: until then threads may be reading them.
      await Promise.allSettled(running);
      return (await Promise.all(running)).flat();
    },
  };
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
