import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { recordChild } from './children.js';

/** Upper bounds on what a program may use; absent: none. */
export interface ProcessLimits {
  /** Address space in bytes, ≥ 1024. Systems without such a limit (macOS) run without it. */
  memoryBytes?: number;
  /** Seconds of CPU over all threads, whole. */
  cpuS?: number;
  /** Largest file it may write, in bytes, ≥ 1024. */
  fileBytes?: number;
}

export interface SuperviseOptions {
  limits?: ProcessLimits;
  /** Directory where it is recorded while it runs, for `reapLeftovers` after a crash. */
  childrenDir?: string;
  cwd?: string;
  /** Replaces the environment; absent: inherited. */
  env?: Readonly<Record<string, string>>;
  /** What becomes of stdout and stderr; default both `pipe`. stdin is the supervisor's own. */
  stdio?: { stdout: 'pipe' | 'ignore' | number; stderr: 'pipe' | 'ignore' | number };
  /** `auto` (default): the kernel's parent-death signal where there is one, else a watcher. `watch`: always the watcher. */
  watch?: 'auto' | 'watch';
}

/** How a program ended: by itself or by a signal. */
export interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

export interface SupervisedProcess {
  pid: number;
  child: ChildProcess;
  /** Settles when it has ended and its output was read to the end; never rejects. */
  ended: Promise<ProcessEnd>;
  /** SIGTERM, and SIGKILL when it is still there after the grace (milliseconds). Ended already: nothing happens. */
  stop(graceMs: number): Promise<ProcessEnd>;
}

/** Thrown when a program cannot be started. */
export class ProcessStartError extends Error {
  override name = 'ProcessStartError' as const;

  constructor(
    readonly program: string,
    options?: ErrorOptions,
  ) {
    super(`${program} could not be started. Check that it is installed and may be executed.`, options);
  }
}

/** The script through which every program is started; takes the arguments that {@link supervisedArgs} gives. */
export const EXEC_WRAPPER = fileURLToPath(new URL('../../bin/exec-wrapper.sh', import.meta.url));

/** Arguments of {@link EXEC_WRAPPER} that come before those of the program. */
export function supervisedArgs(
  program: string,
  limits: ProcessLimits = {},
  watch: 'auto' | 'watch' = 'auto',
): string[] {
  const kib = (bytes = 0): number => Math.floor(bytes / 1024);
  const { memoryBytes, cpuS = 0, fileBytes } = limits;
  return ['-supervise', [watch, kib(memoryBytes), cpuS, kib(fileBytes)].join(','), program];
}

/**
 * Starts a program that ends when this process does, however that ends; `pid` is the program's own.
 * Only from a thread that lasts as long as it is wanted: the parent-death signal follows the thread that started it.
 * @throws {ProcessStartError} when there is no shell; a program that does not exist ends with exit code 127.
 */
export function startSupervised(
  program: string,
  args: readonly string[],
  options: SuperviseOptions = {},
): SupervisedProcess {
  const { limits, childrenDir, cwd, env, watch } = options;
  const stdio: StdioOptions = ['pipe', options.stdio?.stdout ?? 'pipe', options.stdio?.stderr ?? 'pipe'];
  const child = spawn(EXEC_WRAPPER, [...supervisedArgs(program, limits, watch), ...args], {
    stdio,
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
  });
  const { pid } = child;
  if (pid === undefined) {
    child.on('error', () => undefined);
    throw new ProcessStartError(program);
  }
  const ended = endOf(child);
  if (childrenDir !== undefined) recordChild(childrenDir, pid, program, ended);
  return { pid, child, ended, stop: (graceMs) => stopProcess(child, ended, graceMs) };
}

/** Settles when a child process has ended and its output was read to the end; never rejects. */
export function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    // Without a listener for it, writing to a process that is gone would end this one.
    child.stdin?.on('error', () => undefined);
    child.on('error', () => undefined);
    child.on('close', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
}

/** Asks a child to end, and kills it by its pid when it has not within the grace (milliseconds). */
export async function stopProcess(
  child: ChildProcess,
  ended: Promise<ProcessEnd>,
  graceMs: number,
): Promise<ProcessEnd> {
  if (child.exitCode !== null || child.signalCode !== null) return await ended;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
