import type { HttpSpec } from './manifest.js';

/** Thrown instead of asking an endpoint that failed too often; it is left alone for a while. */
export class CircuitOpenError extends Error {
  override name = 'CircuitOpenError' as const;

  constructor(
    readonly model: string,
    /** How long until it is tried again, in milliseconds. */
    readonly retryAfterMs: number,
    readonly lastFailure: string,
  ) {
    super(
      `The model ${model} is not asked for ${Math.ceil(retryAfterMs / 1000)} s, because it failed again and again: ${lastFailure}`,
    );
  }
}

/**
 * Keeps a worker from an endpoint that fails: closed (asked), open (not asked) after `failures` in a row, half open after `openMs` (one is asked, the
 * others are not until that one is through).
 */
export class Circuit {
  #failuresInRow = 0;
  /** When it may be tried again, by `now`; `null`: closed. */
  #openUntil: number | null = null;
  #isTrying = false;
  #lastFailure = '';

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(
    private readonly model: string,
    private readonly settings: HttpSpec['circuit'],
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openUntil === null) return 'closed';
    return this.now() < this.#openUntil ? 'open' : 'half-open';
  }

  /**
   * Does the work, unless the endpoint is to be left alone. A failure that `counts` denies says nothing of the endpoint.
   * @throws {CircuitOpenError} and what the work throws
   */
  async call<T>(work: () => Promise<T>, counts: (error: unknown) => boolean): Promise<T> {
    const isTrial = this.#openUntil !== null;
    if (this.#openUntil !== null && (this.state === 'open' || this.#isTrying)) throw this.#refusal(this.#openUntil);
    if (isTrial) this.#isTrying = true;
    try {
      const answer = await work();
      this.#failuresInRow = 0;
      this.#openUntil = null;
      return answer;
    } catch (error) {
      if (counts(error)) this.#failed(error);
      throw error;
    } finally {
      if (isTrial) this.#isTrying = false;
    }
  }

  #failed(error: unknown): void {
    this.#failuresInRow++;
    this.#lastFailure = error instanceof Error ? error.message : String(error);
    if (this.#failuresInRow >= this.settings.failures) this.#openUntil = this.now() + this.settings.openMs;
  }

  #refusal(openUntil: number): CircuitOpenError {
    return new CircuitOpenError(this.model, Math.max(1, Math.round(openUntil - this.now())), this.#lastFailure);
  }
}
