import { digestOf } from '../../digest.js';
import type { Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import type { Analyser } from '../analysers.js';
import { findInText } from '../text/findings-in-text.js';
import { readingFamily } from '../text/reading-family.js';
import type { OpenTermBank } from '../text/terms/open-term-bank.js';
import type { TextLine } from '../text/text-line.js';
import type { Code, CodeClass } from './code.js';
import { READER_SHA256, READER_VERSION, READING_VERSION, SEARCHES } from './reader-facts.js';

const NAME = 'codes';
const ANALYSER: Analyser<'codes'> = { kind: 'codes', id: 'zxing', settings: null };

/**
 * How certain it is that there is a code, and one for people to scan. A QR code that was read has passed its error correction: it is there. Bars have a
 * weaker check and are as often on goods. Both below what a term in a code scores, so that a policy can block on what a code says and not on all codes.
 */
const SCORES: Readonly<Record<CodeClass, number>> = { qrcode: 0.9, barcode: 0.8 };

const SEES =
  'Reads QR codes, also turned, inverted or slanted, and the barcodes EAN-13, UPC-A and Code 128; not the round codes of mini programs, Data Matrix, Aztec or PDF417, and none that is blurred or smaller than about 1.5 pixels a module.';

/** Codes that telephones read, and operators' terms in what they hold. */
export const codes = readingFamily({
  name: NAME,
  // Measured: 720p on one core.
  costMs: 6,
  info(scene, banks) {
    const digest = digestOf([READER_SHA256, SEARCHES, READING_VERSION, banks.map((bank) => bank.digest)]);
    return { name: NAME, version: READER_VERSION, digest, scene, atMost: 'block', sees: SEES };
  },
  async read(frame, { pool, scenes, banks, signal }) {
    return observations(frame.sample, await pool.look(ANALYSER, frame, null, signal), scenes, banks);
  },
});

function observations(
  sample: number,
  found: readonly Code[],
  scenes: readonly Scene[],
  banks: readonly OpenTermBank[],
): Observation[] {
  return found.flatMap((code) => {
    const { class: kind, text, box } = code;
    const seen = { detector: NAME, sample };
    const terms = findInText([lineOf(code)], banks, scenes).filter((sighting) => sighting.class === 'term');
    const itself = { ...seen, class: kind, score: SCORES[kind], scene: 'ad' as const, box, text };
    return [...(scenes.includes('ad') ? [itself] : []), ...terms.map((term) => ({ ...seen, ...term }))];
  });
}

/** What a code holds was read without doubt. */
function lineOf({ text, box }: Code): TextLine {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const quad: TextLine['quad'] = [
    { x: box.x, y: box.y },
    { x: right, y: box.y },
    { x: right, y: bottom },
    { x: box.x, y: bottom },
  ];
  return { text, confidence: 1, box, quad };
}
