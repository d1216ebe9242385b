import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ChildRecord } from '../../src/process/children.js';
import { processStartTime } from '../../src/process/start-time.js';
import { samplePath } from './installation.js';
import { runFfmpeg } from './make-video.js';

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** This many victims: first each kind once in the order given, then by chance. */
export function drawVictims<V>(kinds: readonly V[], count: number, random: () => number): V[] {
  return Array.from({ length: count }, (_, index) => kinds[index] ?? oneOf(kinds, random)!);
}

/** One of a list by chance; `undefined` when it is empty. */
export function oneOf<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Kills them with SIGKILL and answers whether at least one was there. */
export function kill(...pids: number[]): boolean {
  return pids.map(killOne).includes(true);
}

function killOne(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Programs that run at this moment as those who started them have recorded it in this directory. */
export function childrenIn(directory: string): ChildRecord[] {
  return listed(directory).flatMap((file) => {
    try {
      const child = JSON.parse(readFileSync(join(directory, file), 'utf8')) as ChildRecord;
      return isRunning(child) ? [child] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

export const isRunning = ({ pid, startTime }: ChildRecord): boolean => processStartTime(pid) === startTime;
export const isDecoder = ({ program }: ChildRecord): boolean => basename(program) === 'ffmpeg';
export const isServer = ({ program }: ChildRecord): boolean => basename(program) === 'temporal';

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Real videos that are decoded in different ways; made as long as is wanted by repeating their packets. */
export const CRASH_VIDEOS = {
  /** Segments that are safe only with what the probe finds out about the encoder; the one that a person has to look at. */
  parrot: { file: 'parrot.mp4', from: 'cockatoo.mp4', cut: [] },
  chair: { file: 'chair.mp4', from: 'chair-orig-22-sd-bar.mp4', cut: [] },
  monitors: { file: 'monitors.webm', from: 'display-dual-monitors.webm', cut: [] },
  /** Without its first packets no seek point is safe: segments are thrown away, and all is decoded in one pass. */
  headless: { file: 'headless.mp4', from: 'cockatoo.mp4', cut: ['-ss', '4'] },
  /** What costs little: how long it takes is up to {@link slowModel}. */
  small: { file: 'small.mp4', from: '../test/clips/parrot.mp4', cut: [] },
} as const;

/** Makes one of the videos, repeated this often, in a directory and answers its path. */
export function crashVideo(name: keyof typeof CRASH_VIDEOS, directory: string, times: number): string {
  const { file, from, cut } = CRASH_VIDEOS[name];
  const [once, path] = [join(directory, `once-${file}`), join(directory, file)];
  runFfmpeg(...cut, '-i', samplePath(from), '-an', '-c', 'copy', once);
  runFfmpeg('-stream_loop', String(times - 1), '-i', once, '-c', 'copy', path);
  return path;
}
