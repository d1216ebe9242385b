import { spawn } from 'node:child_process';

/** Thrown when a program that set-up runs fails. */
export class StepFailedError extends Error {
  override name = 'StepFailedError' as const;

  constructor(
    readonly command: string,
    /** `null`: it was ended by a signal or could not be started. */
    readonly exitCode: number | null,
    /** The last lines that it printed. */
    readonly outputTail: string,
  ) {
    super(
      `\`${command}\` failed${exitCode === null ? '' : ` with exit code ${exitCode}`}: ${outputTail || 'it printed nothing'}`,
    );
  }
}

/** How a step runs. */
export interface StepOptions {
  signal?: AbortSignal;
  /** Lets the person at the terminal answer what the program asks. */
  interactive?: boolean;
}

const TAIL_LINES = 12;

/**
 * Runs a program to its end, its output kept for the case that it fails.
 * @throws {StepFailedError}
 */
export async function runStep(command: readonly [string, ...string[]], options: StepOptions = {}): Promise<void> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: options.interactive === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let tail = '';
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString()).split('\n').slice(-TAIL_LINES).join('\n');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      tail = error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  options.signal?.throwIfAborted();
  if (exitCode !== 0) throw new StepFailedError(command.join(' '), exitCode, tail.trim());
}
