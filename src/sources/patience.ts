/** Seconds without a byte after which a transfer counts as broken. Heartbeats go on meanwhile; nothing real is silent for so long. */
export const STALL_S = 20;

/** A signal that ends a transfer when it stands still, or when the caller's signal does. */
export class Patience {
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private readonly onAbort = () => {
    this.stop.abort(this.outer.reason);
  };

  constructor(private readonly outer: AbortSignal) {
    outer.addEventListener('abort', this.onAbort, { once: true });
    if (outer.aborted) this.onAbort();
    this.moved();
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** To be called whenever something came. */
  moved(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stop.abort(new Error(`nothing came for ${STALL_S} s`));
    }, STALL_S * 1000);
  }

  /** To be called at the end, however that came about. */
  end(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.onAbort);
  }
}
