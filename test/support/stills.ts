import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { readImageFrame, readImageInfo } from '../../src/media/still.js';
import type { Frame } from '../../src/schema/frame.js';
import type { ImageInfo } from '../../src/schema/image.js';

export type Colour = [number, number, number];
export const RED: Colour = [255, 0, 0];
export const BLUE: Colour = [0, 0, 255];
export const WHITE: Colour = [255, 255, 255];

/** A directory of images, and how detectors see them. */
export interface Stills {
  /** Path of a file there. */
  path(name: string): string;
  /** Writes a file there and answers its path. */
  file(name: string, bytes: Uint8Array): string;
  infoOf(path: string, maxFrames?: number): Promise<ImageInfo>;
  frameOf(path: string, frame?: number, maxFrames?: number): Promise<Frame>;
  remove(): void;
}

export function openStills(): Stills {
  const dir = mkdtempSync(join(tmpdir(), 'stills-'));
  const tools = { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', childrenDir: dir, workDir: dir };
  const { signal } = new AbortController();
  const infoOf: Stills['infoOf'] = (path, maxFrames = 1) => readImageInfo(path, statSync(path).size, { maxFrames });
  return {
    path: (name) => join(dir, name),
    file(name, bytes) {
      const path = join(dir, name);
      writeFileSync(path, bytes);
      return path;
    },
    infoOf,
    async frameOf(path, frame = 0, maxFrames = 1) {
      return readImageFrame(path, await infoOf(path, maxFrames), { frame, sample: 0 }, { tools, signal });
    },
    remove() {
      rmSync(dir, { recursive: true });
    },
  };
}

/** Red, green and blue of a pixel. */
export const at = ({ widthPx, data }: Frame, x: number, y: number): number[] => [
  ...data.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3),
];

/** The pixel has about this colour. */
export function expectColour(frame: Frame, [x, y]: [number, number], colour: Colour, most = 12): void {
  at(frame, x, y).forEach((level, channel) => {
    expect(Math.abs(level - (colour[channel] ?? NaN))).toBeLessThanOrEqual(most);
  });
}

/** 64 × 32, red with a blue quarter in the upper left corner, as RGB. */
export function cornered(): Sharp {
  const data = Buffer.alloc(64 * 32 * 3);
  for (let y = 0; y < 32; y++) for (let x = 0; x < 64; x++) data.set(x < 32 && y < 16 ? BLUE : RED, (y * 64 + x) * 3);
  return sharp(data, { raw: { width: 64, height: 32, channels: 3 } });
}
