/** Thrown when so many wait already that another one would wait too long. */
export class BusyError extends Error {
  override name = 'BusyError' as const;
  constructor(readonly waiting: number) {
    super(`Expected fewer than ${waiting} to wait, there are as many: try again in some seconds.`);
  }
}

/** Lets a bounded number of things be done at a time, in the order in which they were asked for. */
export class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws {BusyError} */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else {
      if (this.waiting.length >= this.mostWaiting) throw new BusyError(this.mostWaiting);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Who waited gets the place as it is, so that nobody slips in between.
      if (next === undefined) this.running--;
      else next();
    }
  }
}
