import { availableParallelism } from 'node:os';
import type { Frame } from '../schema/frame.js';
import type { Analyser, AnalyserKind, AnalyserTypes } from './analysers.js';
import type { LookRequest } from './inference-messages.js';
import { InferenceThread } from './inference-thread-handle.js';

/** The pool was closed before this frame's turn came. */
export class InferencePoolClosedError extends Error {
  override name = 'InferencePoolClosedError' as const;
  constructor() {
    super('The inference threads are closed: create detectors anew to classify more frames.');
  }
}

/** A frame that waits for a free thread. */
interface Job {
  request: LookRequest<AnalyserKind>;
  signal: AbortSignal;
  resolve: (answer: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * Threads that look at frames, each with every analyser that it was asked for so far, first come, first served; concurrent segments share them.
 * A thread that dies fails the frame that it was at, and is replaced.
 */
export class InferencePool {
  readonly #threads: InferenceThread[];
  readonly #idle: InferenceThread[];
  readonly #waiting: Job[] = [];
  #closed = false;

  /** Starts nothing yet. `threads`: 1 or more; absent: one for each core. */
  constructor(threads = availableParallelism()) {
    if (!Number.isInteger(threads) || threads < 1)
      throw new RangeError(`Expected a whole number of inference threads, 1 or more, received ${threads}.`);
    this.#threads = Array.from({ length: threads }, () => new InferenceThread());
    this.#idle = [...this.#threads];
  }

  /** Starts the threads that are idle, all of them in the beginning, but not more than `most`, and loads these analysers on each. */
  async warm(analysers: readonly Analyser<AnalyserKind>[], most = this.#threads.length): Promise<void> {
    const loading = this.#idle.splice(0, most).map((thread) =>
      this.#use(thread, async () => {
        thread.start();
        for (const analyser of analysers) await thread.ask({ kind: 'load', analyser });
      }),
    );
    await Promise.all(loading);
  }

  /**
   * What the analyser answers about the frame. Once the promise has settled, the frame is not read any more.
   * @throws {InferencePoolClosedError} when the pool is closed before the frame's turn.
   * @throws {InferenceThreadError} when the thread dies over it.
   * @throws {ModelDamagedError} when the model's file is not the one that its manifest names.
   * @throws the reason of the signal; a frame that a thread is at is finished first.
   */
  async look<K extends AnalyserKind>(
    analyser: Analyser<K>,
    frame: Frame,
    question: AnalyserTypes[K]['question'],
    signal: AbortSignal,
  ): Promise<AnalyserTypes[K]['answer']> {
    const { widthPx, heightPx, format, colour, data } = frame;
    const picture = { widthPx, heightPx, format, colour, data };
    const request: LookRequest<K> = { kind: 'look', analyser, picture, question };
    const answer = await new Promise<unknown>((resolve, reject) => {
      if (this.#closed) throw new InferencePoolClosedError();
      signal.throwIfAborted();
      this.#waiting.push({ request, signal, resolve, reject });
      this.#next();
    });
    return answer as AnalyserTypes[K]['answer'];
  }

  /** Ends the threads once they have finished the frames that they are at; frames that wait fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new InferencePoolClosedError());
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  /** Gives free threads what waits. While something waits every thread is busy, so that this runs soon: aborted frames are dropped here, without a listener for each. */
  #next(): void {
    const aborted = this.#waiting.filter(({ signal }) => signal.aborted);
    for (const job of aborted) {
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      job.reject(job.signal.reason);
    }
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop();
      if (thread === undefined) return;
      const job = this.#waiting.shift();
      if (job !== undefined) void this.#run(thread, job);
    }
  }

  async #run(thread: InferenceThread, job: Job): Promise<void> {
    try {
      const answer = await this.#use(thread, () => thread.ask(job.request));
      job.signal.throwIfAborted();
      job.resolve(answer);
    } catch (error) {
      job.reject(error);
    }
  }

  /** Does this with a thread taken from the idle ones, and gives the thread to the next frame. */
  async #use<T>(thread: InferenceThread, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#idle.push(thread);
      this.#next();
    }
  }
}
