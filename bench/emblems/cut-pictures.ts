import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { BankImage } from '../../src/banks/image-bank.js';
import { clipFrames } from '../reference/frames.js';
import type { Layer } from './overlay.js';

/** A part of a photograph, as an emblem full of details. */
interface CutPicture {
  name: string;
  /** What it was cut from. */
  clip: string;
  layer: Layer;
  part: { left: number; top: number; width: number; height: number };
  image: BankImage;
}

const SIDE_PX = 300;
const CLIPS = ['cockatoo.mp4', 'display-dual-monitors.webm', 'movie-hello.mpeg', 'phone-1080p.mp4'];

/** Squares from real clips of samples/ and, where they are there, the photographs of Meta's PDQ. */
export async function cutPictures(clips: readonly string[] = CLIPS): Promise<CutPicture[]> {
  const pictures: CutPicture[] = [];
  for (const clip of clips) {
    const { frames } = await clipFrames(join('samples', clip), { format: 'rgb24' });
    const frame = frames[Math.floor(frames.length / 2)];
    if (frame === undefined) continue;
    const raw = { width: frame.widthPx, height: frame.heightPx, channels: 3 } as const;
    for (const [x, y] of [
      [0.35, 0.5],
      [0.65, 0.5],
    ] as const) {
      const [left, top] = [Math.round(frame.widthPx * x) - SIDE_PX / 2, Math.round(frame.heightPx * y) - SIDE_PX / 2];
      if (left < 0 || top < 0 || top + SIDE_PX > frame.heightPx) continue;
      const cut = sharp(frame.data, { raw }).extract({ left, top, width: SIDE_PX, height: SIDE_PX });
      pictures.push(await picture(`${clip} at ${x}`, clip, await cut.png().toBuffer()));
    }
  }
  const folder = join('test', 'detectors', 'known-media', 'pictures');
  for (const file of await readdir(folder).catch(() => []))
    if (/\.(jpe?g|png)$/.test(file))
      pictures.push(
        await picture(file, file, await sharp(join(folder, file)).resize(SIDE_PX, SIDE_PX).png().toBuffer()),
      );
  return pictures;
}

async function picture(name: string, clip: string, png: Buffer): Promise<CutPicture> {
  const rgb = await sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer();
  const layer = { widthPx: SIDE_PX, heightPx: SIDE_PX, rgb, cover: new Float32Array(SIDE_PX * SIDE_PX).fill(1) };
  return { name, clip, layer, part: { left: 0, top: 0, width: SIDE_PX, height: SIDE_PX }, image: { name, png } };
}
