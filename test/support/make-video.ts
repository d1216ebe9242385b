import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARROT } from './clips.js';

/** A directory for the clips of one test file. */
export interface ClipDirectory {
  path: string;
  /** Makes a clip with `ffmpeg ARGS FILE` and answers its path. */
  make(file: string, ...args: string[]): string;
  /** Writes a file and answers its path. */
  write(file: string, content: string | Uint8Array): string;
  remove(): void;
}

export function clipDirectory(): ClipDirectory {
  const path = mkdtempSync(join(tmpdir(), 'framewarden-clips-'));
  return {
    path,
    make(file, ...args) {
      const target = join(path, file);
      runFfmpeg('-y', ...args, target);
      return target;
    },
    write(file, content) {
      const target = join(path, file);
      writeFileSync(target, content);
      return target;
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Input arguments of a moving test picture; every frame differs. */
export function testPicture(options: { size?: string; rate?: string; seconds?: number } = {}): string[] {
  const { size = '128x96', rate = '25', seconds = 10 } = options;
  return ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`];
}

/** x264 with a key frame every `gop` frames and B-frames, in 4:2:0 unless told otherwise. */
export function x264(gop: number, ...more: string[]): string[] {
  return [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-bf',
    '2',
    '-g',
    `${gop}`,
    '-keyint_min',
    `${gop}`,
    '-pix_fmt',
    'yuv420p',
    ...more,
  ];
}

/** VP8 with a key frame every `gop` frames. */
export function vp8(gop: number): string[] {
  return ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', `${gop}`];
}

/** Output options that have timestamps begin at −0.7 s; only WebM and Matroska keep them so. */
export const NEGATIVE = ['-avoid_negative_ts', 'disabled', '-output_ts_offset', '-0.7'];

/** Makes a video of the parrot as small, over and over: moderating it takes long and costs little. Every turn is 14 s. */
export function longParrot(path: string, turns: number): void {
  runFfmpeg('-stream_loop', `${turns - 1}`, '-i', PARROT, '-c', 'copy', path);
}

/** Runs ffmpeg and answers what it wrote to stdout. */
export function runFfmpeg(...args: string[]): Buffer {
  return runProgram('ffmpeg', ['-v', 'error', '-nostdin', ...args]);
}

/** Runs ffprobe and answers what it wrote to stdout. */
export function runFfprobe(...args: string[]): string {
  return runProgram('ffprobe', ['-v', 'error', ...args]).toString();
}

/** Turns an MP4's first track by 90° clockwise for players. */
export function turnClockwise(path: string): void {
  writeMatrix(path, [0, 1, -1, 0]);
}

/** Tells players, in an MP4's first track header, where a step to the right (a, b) and one down (c, d) lead on the screen. */
export function writeMatrix(path: string, [a, b, c, d]: readonly [number, number, number, number]): void {
  const bytes = readFileSync(path);
  // Version and flags, five times and ids, eight reserved bytes, layer, group, volume.
  const at = bytes.indexOf('tkhd') + 4 + 4 + 5 * 4 + 8 + 8;
  const one = 0x10000;
  [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x40000000].forEach((value, index) =>
    bytes.writeInt32BE(value, at + index * 4),
  );
  writeFileSync(path, bytes);
}

/** Overwrites part of a file with noise that is the same in every run. */
export function damage(path: string, from: number, to: number): void {
  const bytes = readFileSync(path);
  const [start, end] = [Math.floor(bytes.length * from), Math.floor(bytes.length * to)];
  for (let i = start, state = 1; i < end; i++) {
    state = (state * 48271) % 2147483647;
    bytes[i] = state & 0xff;
  }
  writeFileSync(path, bytes);
}

function runProgram(program: string, args: string[]): Buffer {
  try {
    return execFileSync(program, args, { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(`${program} is needed by the tests: install it, for example with 'apt-get install ffmpeg'.`, {
        cause: error,
      });
    }
    throw error;
  }
}
