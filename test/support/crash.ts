import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptRecord } from '../../src/store/records.js';
import { processStartTime } from '../../src/process/start-time.js';
import type { Command, CommandPlace } from './cli.js';

/** What is killed: the command (its workers, and by the kernel all that it had started), the Temporal server alone, a decoder alone, or all of them at once. */
export type Victim = 'worker' | 'server' | 'decoder' | 'everything';

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

/** Kills it with SIGKILL and answers whether there was such a program. */
export function crash(victim: Victim, command: Command, place: CommandPlace): boolean {
  const children = childrenOf(place);
  const pids = {
    worker: [command.pid],
    server: children.filter(({ program }) => /temporal/.test(program)).map(({ pid }) => pid),
    decoder: children
      .filter(({ program }) => /ffmpeg/.test(program))
      .map(({ pid }) => pid)
      .slice(0, 1),
    everything: [command.pid, ...children.map(({ pid }) => pid)],
  }[victim];
  return pids.map(kill).includes(true);
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

interface Child {
  pid: number;
  program: string;
}

/** Programs that the owner runs at this moment, as it has recorded them. */
function childrenOf({ dataDir }: CommandPlace): Child[] {
  const directory = join(dataDir, 'children');
  return readdirSync(directory).flatMap((file) => {
    try {
      const child = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Child & { startTime: string };
      return processStartTime(child.pid) === child.startTime ? [child] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** Samples that an attempt was entered for although the one before it had been entered for them as well, for every attempt that had one before it. */
export function repeated(attempts: readonly AttemptRecord[]): number[] {
  const ordered = [...attempts].sort((a, b) => a.segment - b.segment || a.attempt - b.attempt);
  return ordered.flatMap((entry, index) => {
    const before = ordered[index - 1];
    return before?.segment === entry.segment ? [Math.max(0, before.to - entry.from)] : [];
  });
}

/** Samples from 0 up to the first one that no attempt was entered for. */
export function coveredTo(attempts: readonly AttemptRecord[]): number {
  return [...attempts]
    .sort((a, b) => a.from - b.from)
    .reduce((to, entry) => (entry.from <= to ? Math.max(to, entry.to) : to), 0);
}
