import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What it took. */
export interface Cost {
  wallS: number;
  /** Of all processes and threads concerned, user and system. */
  cpuS: number;
}

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds of a process so far, its threads included; 0 when it is gone. */
export function cpuOfProcess(pid: number | 'self'): number {
  const [own = 0] = cpuFields(pid);
  return own;
}

/** CPU seconds of the children that this process has seen end, with theirs. */
export function cpuOfChildren(): number {
  const [, children = 0] = cpuFields('self');
  return children;
}

function cpuFields(pid: number | 'self'): number[] {
  const fields = statFields(pid);
  const seconds = (index: number): number => Number(fields?.[index] ?? 0) / TICKS;
  return [seconds(11) + seconds(12), seconds(13) + seconds(14)];
}

/** Fields of /proc/PID/stat from `state` on; `null` when the process is gone. */
export function statFields(pid: number | 'self'): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/**
 * Runs programs side by side to their ends.
 * @throws {Error} when one ends otherwise than with exit code 0.
 */
export async function timed(...commands: readonly (readonly [string, ...string[]])[]): Promise<Cost> {
  const [startedAt, cpuBefore] = [performance.now(), cpuOfChildren()];
  await Promise.all(commands.map(runToEnd));
  return { wallS: (performance.now() - startedAt) / 1000, cpuS: cpuOfChildren() - cpuBefore };
}

async function runToEnd([program, ...args]: readonly [string, ...string[]]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`Expected ${program} ${args.join(' ')} to end with 0, received ${String(code)}.`);
}
