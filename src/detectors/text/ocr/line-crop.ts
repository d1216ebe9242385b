/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and a check for each pixel would cost a fifth of the speed */
import { normalise, type Channel, type Channels, type Normalisation } from './channels.js';
import type { TurnedRectangle } from './turned-rectangle.js';

/** (value / 255 − 0.5) / 0.5, as the recognising and the turning network of PP-OCR want it. */
const HALVES: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Of this many source pixels at most is one made, along each axis: more would not be told apart. */
const MOST_PER_PIXEL = 4;

/**
 * The part of a picture inside the rectangle, turned upright and brought to this size: planes of blue, green and red, −1 to 1.
 * Lines that are narrower than `widthPx` at this height must be said so by `filledPx`; the rest is grey, as the networks were taught.
 */
export function lineCrop(
  channels: Channels,
  rectangle: TurnedRectangle,
  heightPx: number,
  widthPx: number,
  filledPx: number,
): Float32Array {
  const filled = new Float32Array(3 * heightPx * filledPx);
  const values = channels.of.map((channel) => sampled(channel, channels, rectangle, filledPx, heightPx));
  normalise(values as [Float32Array, Float32Array, Float32Array], heightPx * filledPx, channels.gains, HALVES, filled);
  if (filledPx === widthPx) return filled;
  const padded = new Float32Array(3 * heightPx * widthPx);
  for (let row = 0; row < 3 * heightPx; row++)
    padded.set(filled.subarray(row * filledPx, (row + 1) * filledPx), row * widthPx);
  return padded;
}

function sampled(
  channel: Channel,
  picture: Channels,
  { centre, along, width, height }: TurnedRectangle,
  across: number,
  down: number,
): Float32Array {
  const scaleX = channel.widthPx / picture.widthPx;
  const scaleY = channel.heightPx / picture.heightPx;
  const perX = perPixel((width / across) * scaleX);
  const perY = perPixel((height / down) * scaleY);
  const out = new Float32Array(across * down);
  for (let row = 0, at = 0; row < down; row++)
    for (let column = 0; column < across; column++, at++) {
      let sum = 0;
      for (let j = 0; j < perY; j++)
        for (let i = 0; i < perX; i++) {
          const right = ((column + (i + 0.5) / perX) / across - 0.5) * width;
          const below = ((row + (j + 0.5) / perY) / down - 0.5) * height;
          const x = centre.x + along.x * right - along.y * below;
          const y = centre.y + along.y * right + along.x * below;
          sum += between(channel, x * scaleX - 0.5, y * scaleY - 0.5);
        }
      out[at] = sum / (perX * perY);
    }
  return out;
}

function perPixel(sourcePx: number): number {
  return Math.min(MOST_PER_PIXEL, Math.max(1, Math.round(sourcePx)));
}

/** Bilinear; outside the picture the pixel at its edge. */
function between({ data, offset, step, widthPx, heightPx }: Channel, x: number, y: number): number {
  const inX = x < 0 ? 0 : x > widthPx - 1 ? widthPx - 1 : x;
  const inY = y < 0 ? 0 : y > heightPx - 1 ? heightPx - 1 : y;
  const left = Math.floor(inX);
  const top = Math.floor(inY);
  const right = left + 1 < widthPx ? step : 0;
  const below = top + 1 < heightPx ? widthPx * step : 0;
  const at = offset + (top * widthPx + left) * step;
  const shareX = inX - left;
  const above = data[at]! + (data[at + right]! - data[at]!) * shareX;
  const under = data[at + below]! + (data[at + below + right]! - data[at + below]!) * shareX;
  return above + (under - above) * (inY - top);
}
