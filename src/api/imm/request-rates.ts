/** Requests of each project within the last second, by token bucket: a second's worth may come at once. */
export class RequestRates {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes one request; answers 0, or for how many milliseconds the project has to wait. `now` in milliseconds. */
  take(project: string, perSecond: number, now: number): number {
    const bucket = this.#buckets.get(project) ?? { tokens: perSecond, at: now };
    const refilled = Math.min(perSecond, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1000);
    const allowed = refilled >= 1;
    this.#buckets.set(project, { tokens: allowed ? refilled - 1 : refilled, at: now });
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - refilled) * 1000) / perSecond));
  }
}
