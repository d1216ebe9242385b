import type { Look } from '../analysers.js';
import { resample } from '../preparation/resample.js';
import { windowsOf } from '../preparation/windows.js';

/** A picture as red, green and blue in turn, 8 bits each. */
export interface SmallPicture {
  widthPx: number;
  heightPx: number;
  data: Uint8ClampedArray;
}

/** Brings pictures to RGB whose longest side is at most `maxPx`: what is sent to an endpoint is made on the threads, and only encoded elsewhere. */
export function loadShrinker(maxPx: number): Look<'shrink'> {
  return (picture) => {
    const ratio = Math.min(1, maxPx / Math.max(picture.widthPx, picture.heightPx));
    const [widthPx, heightPx] = [picture.widthPx, picture.heightPx].map((side) =>
      Math.max(1, Math.round(side * ratio)),
    ) as [number, number];
    const windows = (length: number, resized: number) =>
      windowsOf({ length, resized, offset: 0, count: resized }, 'bilinear');
    const rgb = resample(picture, {
      across: windows(picture.widthPx, widthPx),
      down: windows(picture.heightPx, heightPx),
    });
    return Promise.resolve({ widthPx, heightPx, data: Uint8ClampedArray.from(rgb) });
  };
}
