import { createHash } from 'node:crypto';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { Detector, DetectorFamily } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import { END_CARD, END_CARD_VERSION, THUMBNAIL } from './end-card-facts.js';
import { findCards } from './find-cards.js';

const ANALYSER: Analyser<'thumbnail'> = { kind: 'thumbnail', id: 'luma-64', settings: null };

const INFO: DetectorInfo = {
  name: END_CARD,
  version: END_CARD_VERSION,
  digest: createHash('sha256').update(`${END_CARD}\n${END_CARD_VERSION}\n`).digest('hex'),
  scene: 'ad',
  // What advertises on the card is said by others already: this one adds that it is laid out to be read.
  atMost: 'review',
  sees: 'Still pictures, held for three seconds or shown again, on which text or codes found something that advertises; not cards that move, nor ones without legible writing or code.',
  concludes: true,
};

/** Pictures at the end of videos, or in between, that are there to be read. */
export const endCard: DetectorFamily = {
  name: END_CARD,
  scenes: ['ad'],
  infos: (scenes) => Promise.resolve(scenes.includes('ad') ? [INFO] : []),
  create: ({ pool }) => Promise.resolve(endCardDetector(pool)),
};

function endCardDetector(pool: InferencePool): Detector {
  return {
    name: END_CARD,
    // Measured at 720p on one core of an AMD EPYC.
    costMs: 0.1,
    async detect(batch, _run, signal) {
      const running = batch.map(async (frame) => {
        const thumbnail = await pool.look(ANALYSER, frame, null, signal);
        return thumbnail === null ? [] : [observation(frame.sample, thumbnail)];
      });
      return (await allSettled(running)).flat();
    },
    conclude(classified) {
      // Frames of an image are not seen for seconds, and each is judged by itself.
      const cards = classified.video.durationS > 0 ? findCards(classified) : [];
      return Promise.resolve(cards.map((card) => ({ detector: END_CARD, ...card })));
    },
  };
}

/** It decides nothing: the thumbnail is what the last word is said by. */
function observation(sample: number, thumbnail: string): Observation {
  return { detector: END_CARD, sample, class: THUMBNAIL, score: 0, text: thumbnail };
}
