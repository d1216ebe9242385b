import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Box } from '../../src/schema/observation.js';
import { drawMark, type MarkName } from './marks.js';

const run = promisify(execFile);
const CACHE = join('.cache', 'bench-overlay');

export const CORNERS = ['top left', 'top right', 'bottom left', 'bottom right'] as const;
export type Corner = (typeof CORNERS)[number];

/** How a mark is laid over a clip. */
export interface Laid {
  mark: MarkName;
  /** Width as a share of the picture's. */
  size: number;
  /** 0–1. */
  opacity: number;
  corner: Corner;
  /** Seconds; absent: all the time. */
  from?: number;
  to?: number;
}

/** One frame a second of a clip without loss, for many clips to be made from; its size comes along. */
export async function everySecond(
  path: string,
  filter?: string,
): Promise<{ path: string; widthPx: number; heightPx: number }> {
  await mkdir(CACHE, { recursive: true });
  const target = join(
    CACHE,
    `${basename(path)}${filter === undefined ? '' : `-${filter.replaceAll(/\W+/g, '-')}`}.mkv`,
  );
  const shape = ['fps=1:round=up:start_time=0', 'format=yuv420p', ...(filter === undefined ? [] : [filter])].join(',');
  if (!existsSync(target)) await ffmpeg('-i', path, '-an', '-vf', shape, '-c:v', 'ffv1', target);
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=width,height',
    '-of',
    'json',
    target,
  ]);
  const [stream] = (JSON.parse(stdout) as { streams: [{ width: number; height: number }] }).streams;
  return { path: target, widthPx: stream.width, heightPx: stream.height };
}

/** The clip with the mark over it, as x264 makes it when nobody asks for anything else, and where the mark is. */
export async function withMark(
  clip: { path: string; widthPx: number; heightPx: number },
  laid: Laid,
): Promise<{ path: string; box: Box }> {
  const { widthPx, heightPx } = clip;
  const mark = await drawMark(laid.mark, Math.max(4, Math.round(laid.size * widthPx)));
  const margin = Math.round(0.03 * widthPx);
  const x = laid.corner.endsWith('left') ? margin : widthPx - margin - mark.widthPx;
  const y = laid.corner.startsWith('top') ? margin : heightPx - margin - mark.heightPx;
  const png = join(CACHE, 'mark.png');
  const path = join(CACHE, 'laid.mkv');
  await writeFile(png, mark.png);
  const when = laid.from === undefined ? '' : `:enable='between(t,${laid.from},${laid.to ?? 1e9})'`;
  const graph = `[1]format=rgba,colorchannelmixer=aa=${laid.opacity}[m];[0][m]overlay=${x}:${y}${when},format=yuv420p`;
  await ffmpeg('-i', clip.path, '-i', png, '-filter_complex', graph, '-c:v', 'libx264', '-preset', 'veryfast', path);
  const { opaque } = mark;
  return {
    path,
    box: {
      x: (x + opaque.x) / widthPx,
      y: (y + opaque.y) / heightPx,
      width: opaque.width / widthPx,
      height: opaque.height / heightPx,
    },
  };
}

/** Runs ffmpeg on one core; the last argument is the file that it makes. */
export async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args.slice(0, -1), '-threads', '1', ...args.slice(-1)]);
}
