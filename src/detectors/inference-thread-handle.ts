import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ModelDamagedError } from './model-manifest.js';
import type { ThreadReply, ThreadRequest } from './inference-messages.js';

/** Threads load built code also when this file runs from its source, as in tests; sources and built files are at the same depth. */
const ENTRY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'detectors', 'inference-thread.js');

/** A thread ended while it was at a frame. */
export class InferenceThreadError extends Error {
  override name = 'InferenceThreadError' as const;
  constructor(reason: string, cause?: unknown) {
    super(
      `An inference thread ended while it was at a frame: ${reason}. The next frame gets a new thread; if it is not built yet: npm run build`,
      { cause },
    );
  }
}

interface Pending {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

/** One inference thread as the pool sees it: started when first asked, and again after it died. */
export class InferenceThread {
  #worker: Worker | undefined;
  #pending: Pending | undefined;
  #lastAnswer: Promise<unknown> = Promise.resolve();

  /** Starts it, which the first request would have to wait for otherwise. */
  start(): void {
    this.#worker ??= this.#start();
  }

  /**
   * Answers one request; the next one may be made once this is settled.
   * @throws {InferenceThreadError} when the thread ends meanwhile, and whatever the thread failed with.
   */
  ask(request: ThreadRequest): Promise<unknown> {
    const worker = (this.#worker ??= this.#start());
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending = { resolve, reject };
      worker.postMessage(request);
    });
    this.#lastAnswer = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the thread once it has answered. */
  async end(): Promise<void> {
    await this.#lastAnswer;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'end' } satisfies ThreadRequest);
    await exited;
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { name: 'inference' });
    let failure: unknown;
    worker.on('message', (reply: ThreadReply) => {
      const pending = this.#pending;
      this.#pending = undefined;
      if (reply.kind === 'done') pending?.resolve(reply.answer);
      else pending?.reject(errorOf(reply));
    });
    worker.on('error', (error) => (failure = error));
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      const reason = failure instanceof Error ? failure.message : `exit code ${code}`;
      this.#pending?.reject(new InferenceThreadError(reason, failure));
      this.#pending = undefined;
    });
    return worker;
  }
}

function errorOf(reply: Exclude<ThreadReply, { kind: 'done' }>): Error {
  if (reply.kind === 'failed') return Object.assign(reply.error, { name: reply.name });
  return new ModelDamagedError(reply.model, reply.path, reply.expected, reply.received);
}
