import type { Colour } from './video.js';

/** Planar or packed layouts in which pictures leave the decoder, 8 bits a value, rows without padding. */
export const FRAME_FORMATS = ['yuv420p', 'yuv444p', 'rgb24'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** One decoded picture, full size, as displayed. */
export interface Frame {
  /** Index of the sample in the plan. */
  sample: number;
  widthPx: number;
  heightPx: number;
  format: FrameFormat;
  /** How to turn YUV into RGB; of no meaning for `rgb24`. */
  colour: Pick<Colour, 'matrix' | 'range'>;
  /** Backed by a SharedArrayBuffer, so that threads read it without a copy. Not to be touched after `release`. */
  data: Uint8Array;
  /** Gives the memory back to the decoder, which waits for it: call it exactly once. */
  release(): void;
}
