import type { Resample } from '../detector.js';
import { bilinearAlignCorners } from './bilinear-align-corners.js';
import { pillowBilinear } from './pillow-bilinear.js';
import type { Picture } from './picture.js';

/** To be raised with every change that can alter a prepared input: it is part of the detectors' digests. */
export const PREPARATION_VERSION = 1;

/** Shape of one prepared input: 224 × 224 pixels of 3 channels. */
export const INPUT_DIMS = [1, 224, 224, 3] as const;
/** Values of one prepared input. */
export const INPUT_LENGTH = 224 * 224 * 3;

/** Each method fills `out`, of INPUT_LENGTH, with the input that the network expects for the picture. */
export const PREPARATIONS: Readonly<Record<Resample, (picture: Picture, out: Float32Array) => void>> = {
  'bilinear-align-corners': bilinearAlignCorners,
  'pillow-bilinear': pillowBilinear,
};
