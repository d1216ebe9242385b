import type { Config } from '../config.js';
import type { Say } from '../setup/say.js';

/** What every command is given. */
export interface CommandContext {
  config: Config;
  /** Working directory that relative paths start from. */
  cwd: string;
  /** A line for the person at the terminal, on stderr. */
  say: Say;
  /** Results, on stdout. */
  print: (text: string) => void;
  stdout: { isTTY: boolean; columns: number };
  stderr: NodeJS.WriteStream;
  /** Aborted by the first Ctrl-C or SIGTERM: what goes on durably stays, this process ends in grace. */
  interrupt: AbortSignal;
}
