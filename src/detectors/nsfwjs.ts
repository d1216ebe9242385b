import { classifierFamily } from './classifier.js';

/** nsfwjs 4.4.0, MobileNetV2 mid: cheap, sees every sample, and is easily excited (a parrot scores 0.99). */
export const nsfwjs = classifierFamily({
  name: 'nsfwjs',
  scene: 'porn',
  atMost: 'block',
  // Measured: 14 ms of network and 2.5 ms of preparation on one core of an AMD EPYC with AVX-512.
  costMs: 16,
  model: 'nsfwjs-mobilenet-v2-mid',
  resample: 'bilinear-align-corners',
  classes: ['drawing', 'hentai', 'neutral', 'porn', 'sexy'],
  sees: 'Nudity and sexual acts, photographed and drawn, in the picture as a whole; easily excited, blind to small details.',
});
