import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from '../../src/schema/frame.js';
import type { Box } from '../../src/schema/observation.js';
import { clipFrames } from '../reference/frames.js';
import { chance, corners, lay, throughJpeg, type Layer } from './overlay.js';

/** A frame with the name of its clip. */
export interface ClipFrame {
  clip: string;
  frame: Frame;
}

/** Frames of samples/, so many of each clip, evenly spread. */
export async function sampleFrames(perClip: number): Promise<ClipFrame[]> {
  const entries = await readdir('samples', { withFileTypes: true });
  const clips = entries.flatMap((entry) =>
    entry.isFile() && /\.(mp4|webm|ogv|mpeg|gif)$/.test(entry.name) ? [entry.name] : [],
  );
  const chosen: ClipFrame[] = [];
  for (const clip of clips.sort()) {
    const { frames } = await clipFrames(join('samples', clip), { format: 'rgb24' });
    const step = Math.max(1, frames.length / perClip);
    for (let at = step / 2; at < frames.length && chosen.length < 10_000; at += step) {
      const frame = frames[Math.floor(at)];
      if (frame !== undefined) chosen.push({ clip, frame });
    }
  }
  return chosen;
}

/** How a mark is laid over a frame. */
interface Overlaying {
  /** Longest side of the mark by the height of the frame. */
  share: number;
  opacity: number;
  /** Of the JPEG that the frame then becomes, 1–100. */
  quality: number;
  seed: number;
}

/** A frame with a mark over it, turned by up to 20°, its corners moved by up to 5 %, and the box that it truly has. */
export async function overlaid(
  { frame }: ClipFrame,
  layer: Layer,
  part: { left: number; top: number; width: number; height: number },
  { share, opacity, quality, seed }: Overlaying,
): Promise<{ frame: Frame; box: Box }> {
  const random = chance(seed);
  const scale = (share * frame.heightPx) / Math.max(part.width, part.height);
  const half = (Math.hypot(part.width, part.height) * scale) / 2 + 2;
  const centre = {
    x: half + random() * Math.max(0, frame.widthPx - 2 * half),
    y: half + random() * Math.max(0, frame.heightPx - 2 * half),
  };
  const cut = cutOut(layer, part);
  const size = { width: part.width * scale, height: part.height * scale };
  const points = corners(centre, size, (random() * 2 - 1) * 20, 0.05, random);
  const laid = await throughJpeg(lay(frame, cut, { corners: points, opacity }), quality);
  const data = new Uint8Array(new SharedArrayBuffer(laid.data.length));
  data.set(laid.data);
  const [xs, ys] = [points.map(({ x }) => x / frame.widthPx), points.map(({ y }) => y / frame.heightPx)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  return { box, frame: { ...frame, format: 'rgb24', data, release: () => undefined } };
}

function cutOut(layer: Layer, part: { left: number; top: number; width: number; height: number }): Layer {
  const rgb = new Uint8Array(part.width * part.height * 3);
  const cover = new Float32Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = (part.top + y) * layer.widthPx + part.left;
    rgb.set(layer.rgb.subarray(from * 3, (from + part.width) * 3), y * part.width * 3);
    cover.set(layer.cover.subarray(from, from + part.width), y * part.width);
  }
  return { widthPx: part.width, heightPx: part.height, rgb, cover };
}
