import { digestOf } from '../../digest.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Classified, DetectorFamily } from '../detector.js';
import { findOverlays, LEAST_SAMPLES, type OverlaySearch } from './find-overlays.js';
import { inTurns, keepEdges, sampleEdges, type SampleEdges } from './sample-edges.js';
import { rounded, spanOf, standing } from './standing-box.js';

/** To be raised with every change of what an edge is or when it counts: it is part of the digest. */
const VERSION = '1';
const NAME = 'overlay';

/** Channel logos and watermarks, whatever they show: edges that stay while the picture moves. */
export const overlay: DetectorFamily = {
  name: NAME,
  scenes: ['logo'],
  infos: (scenes) => Promise.resolve(scenes.includes('logo') ? [INFO] : []),
  create: ({ pool }) =>
    Promise.resolve({
      name: NAME,
      // Measured: 4 ms (720p) on one core, and less than 1 ms in the end.
      costMs: 5,
      detect: (batch, _run, signal) => keepEdges(NAME, batch, pool, signal),
      async conclude(classified, _run, signal) {
        const seen = sampleEdges(classified.observations, [NAME]);
        const search = await inTurns(findOverlays(seen.map(({ map }) => map)), signal);
        return said(search, seen, classified);
      },
    }),
};

const INFO: DetectorInfo = {
  name: NAME,
  version: VERSION,
  digest: digestOf(`${NAME} ${VERSION}`),
  scene: 'logo',
  atMost: 'review',
  concludes: true,
  sees:
    `Marks that stay in one place of a moving picture for at least ${LEAST_SAMPLES} samples, whatever they show; ` +
    'not those that move, that are faint or tiny, or that lie over a picture that stands still, and nothing in single images.',
};

function said(
  { overlays, untold }: OverlaySearch,
  seen: readonly SampleEdges[],
  classified: Classified,
): Observation[] {
  const found = overlays.map((one): Observation => ({
    detector: NAME,
    class: 'overlay',
    ...standing(one, seen, classified),
  }));
  if (untold === 0 || seen.length === 0) return found;
  // Why nothing is found: so that silence is not taken for a clean picture.
  const kind = seen.length < LEAST_SAMPLES ? 'too-few-samples' : 'too-still';
  const span = spanOf(0, seen.length - 1, seen, classified);
  return [...found, { detector: NAME, sample: seen[0]?.sample ?? 0, class: kind, score: rounded(untold), span }];
}
