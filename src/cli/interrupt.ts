import { EXIT_CODES } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that is aborted by the first Ctrl-C (or SIGTERM, or a closed terminal). The second one ends the process, and what it started, at once. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        // eslint-disable-next-line no-restricted-properties -- at once is what a second Ctrl-C asks for; nothing that matters is lost by it
        process.exit(EXIT_CODES.interrupted);
      }
      controller.abort(new InterruptedError(name));
    });
  }
  return controller.signal;
}

/** Reason of the signal: the command was interrupted from outside. */
export class InterruptedError extends Error {
  override name = 'InterruptedError' as const;

  constructor(readonly signal: (typeof SIGNALS)[number]) {
    super(`Interrupted by ${signal}.`);
  }
}
