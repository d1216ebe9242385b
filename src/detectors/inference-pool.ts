import { availableParallelism } from 'node:os';
import type { Frame } from '../schema/frame.js';
import type { ThreadModel, ThreadRequest } from './inference-messages.js';
import { InferenceThread } from './inference-thread-handle.js';
import type { ModelName } from './model-manifest.js';

/** The pool was closed before this frame's turn came. */
export class InferencePoolClosedError extends Error {
  override name = 'InferencePoolClosedError' as const;
  constructor() {
    super('The inference threads are closed: create detectors anew to classify more frames.');
  }
}

/** A frame that waits for a free thread. */
interface Job {
  request: ThreadRequest;
  signal: AbortSignal;
  resolve: (outputs: Float32Array) => void;
  reject: (reason: unknown) => void;
}

/**
 * Threads that prepare frames and run networks on them, first come, first served; concurrent segments share them.
 * A thread that dies fails the frame that it was at, and is replaced.
 */
export class InferencePool {
  readonly #threads: InferenceThread[];
  readonly #idle: InferenceThread[];
  readonly #waiting: Job[] = [];
  #closed = false;

  /** Starts nothing yet. `threads`: 1 or more; absent: one for each core. */
  constructor(models: readonly ThreadModel[], threads = availableParallelism()) {
    if (!Number.isInteger(threads) || threads < 1)
      throw new RangeError(`Expected a whole number of inference threads, 1 or more, received ${threads}.`);
    this.#threads = Array.from({ length: threads }, () => new InferenceThread(models));
    this.#idle = [...this.#threads];
  }

  /** Starts the threads that are idle, all of them in the beginning, but not more than `most`, and loads these models on each. */
  async warm(models: readonly ModelName[], most = this.#threads.length): Promise<void> {
    const loading = this.#idle.splice(0, most).map((thread) =>
      this.#use(thread, async () => {
        for (const model of models) await thread.ask({ kind: 'load', model });
      }),
    );
    await Promise.all(loading);
  }

  /**
   * Outputs of the network for the frame. Once the promise has settled, the frame is not read any more.
   * @throws {InferencePoolClosedError} when the pool is closed before the frame's turn.
   * @throws {InferenceThreadError} when the thread dies over it.
   * @throws {ModelDamagedError} when the model's file is not the one that its manifest names.
   * @throws the reason of the signal; a frame that a thread is at is finished first.
   */
  classify(model: ModelName, frame: Frame, signal: AbortSignal): Promise<Float32Array> {
    const { widthPx, heightPx, format, colour, data } = frame;
    const request: ThreadRequest = { kind: 'classify', model, picture: { widthPx, heightPx, format, colour, data } };
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new InferencePoolClosedError();
      signal.throwIfAborted();
      this.#waiting.push({ request, signal, resolve, reject });
      this.#next();
    });
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
      const outputs = await this.#use(thread, () => thread.ask(job.request));
      job.signal.throwIfAborted();
      job.resolve(outputs);
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
