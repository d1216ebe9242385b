/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import type { Frame } from '../../schema/frame.js';
import { yuvTables } from './colour.js';

/** The part of a frame that its pixels depend on. */
export type Picture = Pick<Frame, 'widthPx' | 'heightPx' | 'format' | 'colour' | 'data'>;

/** Writes the pixels of one row at these columns as RGB, 8 bits a value, one after the other. */
export type PixelReader = (row: number, columns: Int32Array, out: Uint8Array) => void;

/**
 * Reads single pixels of a frame as ffmpeg's conversion of it to rgb24 would have them (each chroma sample serves all pixels that share it), so that
 * only the pixels that a preparation needs are converted.
 */
export function pixelReader(picture: Picture): PixelReader {
  switch (picture.format) {
    case 'rgb24':
      return rgbReader(picture);
    case 'yuv420p':
      return yuvReader(picture, 1);
    case 'yuv444p':
      return yuvReader(picture, 0);
  }
}

function rgbReader({ widthPx, data }: Picture): PixelReader {
  return (row, columns, out) => {
    const start = row * widthPx * 3;
    for (let index = 0, at = 0; index < columns.length; index++, at += 3) {
      const from = start + columns[index]! * 3;
      out[at] = data[from]!;
      out[at + 1] = data[from + 1]!;
      out[at + 2] = data[from + 2]!;
    }
  };
}

/** `shift`: 1 when chroma has half the width and height, rounded up; 0 when it has all of them. */
function yuvReader({ widthPx, heightPx, colour, data }: Picture, shift: 0 | 1): PixelReader {
  const { y, redOfV, greenOfU, greenOfV, blueOfU } = yuvTables(colour);
  const chromaWidth = (widthPx + shift) >> shift;
  const planeU = widthPx * heightPx;
  const chromaSize = chromaWidth * ((heightPx + shift) >> shift);
  return (row, columns, out) => {
    const startY = row * widthPx;
    const startU = planeU + (row >> shift) * chromaWidth;
    for (let index = 0, at = 0; index < columns.length; index++, at += 3) {
      const column = columns[index]!;
      const chroma = startU + (column >> shift);
      const luma = y[data[startY + column]!]!;
      const u = data[chroma]!;
      const v = data[chroma + chromaSize]!;
      const red = (luma + redOfV[v]!) >> 16;
      const green = (luma + greenOfU[u]! + greenOfV[v]!) >> 16;
      const blue = (luma + blueOfU[u]!) >> 16;
      out[at] = red < 0 ? 0 : red > 255 ? 255 : red;
      out[at + 1] = green < 0 ? 0 : green > 255 ? 255 : green;
      out[at + 2] = blue < 0 ? 0 : blue > 255 ? 255 : blue;
    }
  };
}
