import { classifierFamily } from './classifier.js';
import { corroborates } from './corroboration.js';
import { nsfwjs } from './nsfwjs.js';

/** Yahoo's OpenNSFW (thin ResNet-50): of other makers, data and architecture than nsfwjs, so that their errors seldom meet. */
export const openNsfw = classifierFamily({
  name: 'open-nsfw',
  scene: 'porn',
  atMost: 'block',
  // Measured: 21 ms of network and 5 ms of preparation (4:2:0, 720p) on one core of an AMD EPYC with AVX-512.
  costMs: 26,
  model: 'open-nsfw',
  // The network sees the middle 224 × 224 of the picture brought to this size.
  resample: 'pillow-bilinear',
  // The first output is one minus the second.
  classes: [null, 'porn'],
  runIf: corroborates('porn', nsfwjs.name),
  sees: 'Photographed nudity in the middle of the picture; asked where nsfwjs suspects something, blind to drawings.',
});
