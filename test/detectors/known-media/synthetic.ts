import type { Picture } from '../../../src/detectors/preparation/picture.js';

const { floor, max } = Math;

/** A picture in RGB made of ramps, a disc and noise, the same on every machine: whole numbers only. */
export function drawnPicture(widthPx: number, heightPx: number, seed: number): Picture {
  const data = new Uint8Array(widthPx * heightPx * 3);
  let state = seed;
  const next = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const [slopeX, slopeY, waves, centreX, centreY] = [next(5), next(5), 2 + next(9), next(widthPx), next(heightPx)];
  const radius = 1 + next(max(widthPx, heightPx));
  for (let y = 0, at = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const ramp = floor((x * slopeX * 60) / widthPx) + floor((y * slopeY * 60) / heightPx);
      const stripe = (floor((x * waves) / widthPx) + floor((y * (waves + 3)) / heightPx)) % 2;
      const inside = (x - centreX) ** 2 + (y - centreY) ** 2 < radius ** 2;
      for (let channel = 0; channel < 3; channel++, at++)
        data[at] = (ramp + stripe * 50 * (channel + 1) + (inside ? 70 : 0) + next(24)) % 256;
    }
  }
  return { widthPx, heightPx, format: 'rgb24', colour: { matrix: null, range: null }, data };
}
