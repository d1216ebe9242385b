import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { timed } from './programs.js';

/** Files measured, each made from the sample `cockatoo.mp4` (14 s, 1280 × 720, 20 pictures a second). */
export const FILES = ['cockatoo', '720p'] as const;
export type FileName = (typeof FILES)[number];

const SAMPLE = join('samples', 'cockatoo.mp4');
const CACHE = join('.cache', 'bench-inputs');

/** How the sample becomes an ordinary video: what x264 does when nobody asks for anything else, at its default preset and quality. */
const ORDINARY = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-profile:v', 'high', '-preset', 'medium', '-crf', '23'];

/** How each file is made, in words. */
export const RECIPES: Readonly<Record<FileName, string>> = {
  cockatoo: `${SAMPLE} (H.264 High 4:4:4) looped by stream copy`,
  '720p': `${SAMPLE} through ffmpeg ${ORDINARY.join(' ')} (threads 2), looped by stream copy`,
};

/** Path of the file of this length, made when it is not there yet. */
export async function provideInput(name: FileName, minutes: number): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const once = name === 'cockatoo' ? SAMPLE : await made('720p-once.mp4', ['-i', SAMPLE, ...ORDINARY, '-threads', '2']);
  const length = ['-map', '0:v', '-c', 'copy', '-t', String(minutes * 60)];
  return made(`${name}-${minutes}min.mp4`, ['-stream_loop', '-1', '-i', once, ...length]);
}

async function made(file: string, args: readonly string[]): Promise<string> {
  const path = join(CACHE, file);
  if (existsSync(path)) return path;
  const draft = join(CACHE, `draft-${process.pid}-${file}`);
  await timed(['ffmpeg', '-nostdin', '-v', 'error', '-y', ...args, '-an', draft]);
  await rename(draft, path);
  return path;
}
