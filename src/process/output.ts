import { startSupervised, type ProcessEnd, type SuperviseOptions } from './supervise.js';

/** What a short program wrote, and how it ended. */
export interface ProgramOutput extends ProcessEnd {
  stdout: string;
  stderr: string;
}

export interface OutputOptions extends Omit<SuperviseOptions, 'stdio'> {
  /** Ends the program; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Takes each line of stdout instead of its being kept: for programs that write much. */
  onLine?: (line: string) => void;
}

/** Kept of each of stdout and stderr. */
const KEPT_CHARS = 4 * 2 ** 20;

/** Runs a program that needs no input and answers what it wrote, at most 4 Mi characters of each stream. It not ending well is for the caller to judge. */
export async function outputOf(
  program: string,
  args: readonly string[],
  options: OutputOptions = {},
): Promise<ProgramOutput> {
  const { signal, onLine, ...supervise } = options;
  signal?.throwIfAborted();
  const started = startSupervised(program, args, supervise);
  const { child, ended } = started;
  const onAbort = (): void => void started.stop(500);
  signal?.addEventListener('abort', onAbort);
  let [stdout, stderr, rest] = ['', '', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (onLine === undefined) stdout = (stdout + text).slice(0, KEPT_CHARS);
    else rest = eachLine(rest + text, onLine);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, KEPT_CHARS);
  });
  try {
    const end = await ended;
    signal?.throwIfAborted();
    if (rest !== '') onLine?.(rest);
    return { stdout, stderr, ...end };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Hands over the whole lines; answers the rest. */
function eachLine(text: string, onLine: (line: string) => void): string {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  for (const line of lines) onLine(line);
  return rest;
}
