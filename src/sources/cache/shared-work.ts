/** Work that several callers wait for together: it is done once, and given up when all of them have. */
export class SharedWork {
  private readonly underWay = new Map<string, { done: Promise<void>; callers: number; stop: AbortController }>();

  /** Waits for the work under this key, which is begun when nobody waits for it yet. Rejects with what it throws, or with the signal's reason. */
  async join(key: string, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const shared = this.underWay.get(key) ?? this.begin(key, work);
    shared.callers += 1;
    try {
      await untilAborted(shared.done, signal);
    } finally {
      shared.callers -= 1;
      if (shared.callers === 0) {
        // Who comes from now on begins anew: this one is ending.
        if (this.underWay.get(key) === shared) this.underWay.delete(key);
        shared.stop.abort(signal.reason);
      }
    }
  }

  private begin(key: string, work: (signal: AbortSignal) => Promise<void>) {
    const stop = new AbortController();
    const shared = { done: work(stop.signal), callers: 0, stop };
    // Heard by those who wait; when all of them left, nobody does.
    shared.done.catch(() => undefined);
    this.underWay.set(key, shared);
    return shared;
  }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
