import type { Frame } from '../../schema/frame.js';

/** The part of a frame that its pixels depend on. */
export type Picture = Pick<Frame, 'widthPx' | 'heightPx' | 'format' | 'colour' | 'data'>;

/** Where one plane of YUV lies in a picture's data. */
export interface Plane {
  /** Bytes before its first row. */
  offset: number;
  widthPx: number;
  heightPx: number;
}

/** 1 when chroma has half the width and height of luma, rounded up; 0 when it has all of them. */
export function chromaShift(format: 'yuv420p' | 'yuv444p'): 0 | 1 {
  return format === 'yuv420p' ? 1 : 0;
}

/** Planes Y, U and V of a picture. */
export function planes({ widthPx, heightPx }: Picture, shift: 0 | 1): readonly [Plane, Plane, Plane] {
  const luma = { offset: 0, widthPx, heightPx };
  const chroma = { widthPx: (widthPx + shift) >> shift, heightPx: (heightPx + shift) >> shift };
  const offset = widthPx * heightPx;
  return [luma, { ...chroma, offset }, { ...chroma, offset: offset + chroma.widthPx * chroma.heightPx }];
}
