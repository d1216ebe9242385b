/** How questions share requests. */
export interface GatherSettings {
  /** Most questions of one request. */
  batch: number;
  /** How long a question waits for others, in milliseconds. */
  gatherMs: number;
  /** Requests under way at once. */
  atOnce: number;
}

/** Answers all questions of one request, in their order. */
type Send<Question, Answer> = (questions: readonly Question[], signal: AbortSignal) => Promise<Answer[]>;

interface Waiting<Question, Answer> {
  question: Question;
  signal: AbortSignal;
  resolve: (answer: Answer) => void;
  reject: (reason: unknown) => void;
}

/** Gathers questions that come one by one, also of several tasks, into requests. A request ends early when nobody waits for its answers any more. */
export class Gatherer<Question, Answer> {
  #waiting: Waiting<Question, Answer>[] = [];
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Whether what waits has waited long enough. */
  #isDue = false;

  constructor(
    private readonly settings: GatherSettings,
    private readonly send: Send<Question, Answer>,
  ) {}

  /** Rejects with what the request failed with, or the reason of the signal. */
  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const settled = (): void => {
        signal.removeEventListener('abort', leave);
      };
      const waiting: Waiting<Question, Answer> = {
        question,
        signal,
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (reason) => {
          settled();
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        },
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        waiting.reject(signal.reason);
      };
      signal.addEventListener('abort', leave);
      this.#waiting.push(waiting);
      this.#timer ??= setTimeout(() => {
        this.#isDue = true;
        this.#start();
      }, this.settings.gatherMs);
      this.#start();
    });
  }

  #start(): void {
    const { batch, atOnce } = this.settings;
    while (this.#underWay < atOnce && (this.#waiting.length >= batch || (this.#isDue && this.#waiting.length > 0)))
      void this.#request(this.#waiting.splice(0, batch));
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }

  async #request(members: readonly Waiting<Question, Answer>[]): Promise<void> {
    this.#underWay++;
    const unwanted = new AbortController();
    const look = (): void => {
      if (members.every(({ signal }) => signal.aborted)) unwanted.abort();
    };
    for (const { signal } of members) signal.addEventListener('abort', look, { once: true });
    try {
      const answers = await this.send(
        members.map(({ question }) => question),
        unwanted.signal,
      );
      members.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer === undefined)
          reject(new RangeError(`Expected ${members.length} answers, received ${answers.length}.`));
        else resolve(answer);
      });
    } catch (error) {
      for (const { reject } of members) reject(error);
    } finally {
      for (const { signal } of members) signal.removeEventListener('abort', look);
      this.#underWay--;
      this.#start();
    }
  }
}
