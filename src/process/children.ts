import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processStartTime } from './start-time.js';

/** The pid alone may by now be somebody else's. */
const ProcessRecord = z.strictObject({ pid: z.int().positive(), startTime: z.string() });
type ProcessRecord = z.infer<typeof ProcessRecord>;

/** A program that was running when it was recorded, and the process that had started it. */
const ChildRecord = z.strictObject({ ...ProcessRecord.shape, program: z.string(), parent: ProcessRecord });
/** See {@link recordChild}. */
export type ChildRecord = z.infer<typeof ChildRecord>;

/**
 * Records a running child in the directory until it has ended. Synchronous: a crash right after the start must already find the record.
 * A child that cannot be recorded runs all the same: it ends with its parent anyway.
 */
export function recordChild(directory: string, pid: number, program: string, ended: Promise<unknown>): void {
  const startTime = processStartTime(pid);
  if (startTime === null) return;
  const file = join(directory, `${pid}.json`);
  const parent = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' };
  const record: ChildRecord = { pid, startTime, program, parent };
  onDisk(() => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
  });
  void ended.then(() => {
    onDisk(() => {
      rmSync(file, { force: true });
    });
  });
}

function onDisk(change: () => void): void {
  try {
    change();
  } catch {
    // A disk that is full or gone is no reason to lose hold of a program that runs.
  }
}

/**
 * Kills the recorded programs that still run although the process that had started them does not, each known by pid and start time, and forgets
 * them. What a living process runs is left to it: several may work on one data directory. Answers how many it killed.
 */
export function reapLeftovers(directory: string): number {
  let killed = 0;
  for (const file of recordsIn(directory)) {
    const record = readRecord(join(directory, file));
    if (record !== null && isRunning(record.parent)) continue;
    if (record !== null && isRunning(record) && kill(record.pid)) killed++;
    rmSync(join(directory, file), { force: true });
  }
  return killed;
}

const isRunning = ({ pid, startTime }: ProcessRecord): boolean => processStartTime(pid) === startTime;

function recordsIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readRecord(path: string): ChildRecord | null {
  try {
    return ChildRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Half written by a process that was killed: it names nobody.
    return null;
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
