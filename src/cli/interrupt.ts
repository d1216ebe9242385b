const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that is aborted by the first Ctrl-C (or SIGTERM, or a closed terminal). The second one ends the process, and what it started, at once. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        // Not process.exit: tearing down what threads are at work with ends in a crash as often as not. Without a handler the signal ends the process,
        // and the kernel all that it started; shells call that 130.
        process.removeAllListeners('SIGINT');
        process.kill(process.pid, 'SIGINT');
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
