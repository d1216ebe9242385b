import { digestOf } from '../../digest.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { DetectorFamily } from '../detector.js';
import { inTurns, keepEdges, sampleEdges } from '../overlay/sample-edges.js';
import { standing } from '../overlay/standing-box.js';
import { findInsets, LEAST_SAMPLES } from './find-insets.js';

/** To be raised with every change of what is found: it is part of the digest. */
const VERSION = '1';
const NAME = 'inset';
/** Who leaves edge maps: with the scene `logo` asked for too, they are there already. */
const MAKERS = [NAME, 'overlay'];

/** Pictures in the picture: rectangles that stay where they are while it moves inside and around them. */
export const inset: DetectorFamily = {
  name: NAME,
  scenes: ['live'],
  infos: (scenes) => Promise.resolve(scenes.includes('live') ? [INFO] : []),
  create: ({ pool }) =>
    Promise.resolve({
      name: NAME,
      // As the detector `overlay`, which makes the same maps.
      costMs: 5,
      async detect(batch, { scenes }, signal) {
        if (!scenes.includes('live') || scenes.includes('logo')) return [];
        return await keepEdges(NAME, batch, pool, signal);
      },
      async conclude(classified, { scenes }, signal) {
        if (!scenes.includes('live')) return [];
        const seen = sampleEdges(classified.observations, MAKERS);
        const found = await inTurns(findInsets(seen.map(({ map }) => map)), signal);
        return found.map((one): Observation => ({ detector: NAME, class: 'PIP', ...standing(one, seen, classified) }));
      },
    }),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: VERSION,
  digest: digestOf(`${NAME} ${VERSION}`),
  scene: 'live',
  atMost: 'review',
  concludes: true,
  sees:
    `Pictures in the picture: rectangles of an eighth to three quarters of its sides that stay in one place for at least ${LEAST_SAMPLES} samples while it moves inside ` +
    'and around them; not those without a clear border, before a picture that stands still, or at its edge, no split screens, and nothing in single images.',
};
