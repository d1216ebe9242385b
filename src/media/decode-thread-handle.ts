import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Frame } from '../schema/frame.js';
import type { SentFrame, ThreadReply, ThreadRequest } from './decode-messages.js';
import type { DecodedSegment, DecodeRequest, DecodeSummary } from './decode-pass.js';
import { receiveError } from './sent-error.js';
import type { SparseFrames } from './sparse-input.js';

/** Threads load built code also when this file runs from its source, as in tests; sources and built files are at the same depth. */
const ENTRY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'media', 'decode-thread.js');

/** The thread that decoders write to ended before they did. */
export class DecodeThreadError extends Error {
  override name = 'DecodeThreadError' as const;
  constructor(reason: string, cause?: unknown) {
    super(
      `The decoding thread ended before its decoders did: ${reason}. The next segment gets a new one; if it is not built yet: npm run build`,
      { cause },
    );
  }
}

/** A thread that decodes as `decodePass` does, any number of passes at once, and leaves the caller's event loop alone. Its decoders end with it. */
export class DecodeThread {
  #worker: Worker | undefined;
  #count = 0;
  readonly #passes = new Map<number, Pass>();

  /** Starts the thread, which the first pass would have to wait for otherwise. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /** As `decodePass`; throws DecodeThreadError besides, when the thread ends meanwhile. */
  decode(request: DecodeRequest, sparse: SparseFrames | null, signal: AbortSignal): DecodedSegment {
    const worker = (this.#worker ??= this.#start());
    const id = this.#count++;
    const post = (asked: ThreadRequest): void => {
      worker.postMessage(asked);
    };
    const pass = new Pass(
      (frame) => {
        post({ kind: 'release', pass: id, frame });
      },
      () => {
        post({ kind: 'stop', pass: id });
      },
      signal,
    );
    this.#passes.set(id, pass);
    post({ kind: 'decode', pass: id, request, sparse });
    pass.listen();
    return { frames: pass.deliver(), digests: pass.digests };
  }

  /** Ends what is still being decoded, and the thread once that has ended. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'end' } satisfies ThreadRequest);
    await exited;
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { name: 'decode' });
    let failure: unknown;
    worker.on('message', (reply: ThreadReply) => {
      const pass = this.#passes.get(reply.pass);
      if (reply.kind === 'frame') pass?.arrive(reply.frame, reply.sent);
      else {
        this.#passes.delete(reply.pass);
        pass?.end(reply.kind === 'ended' ? reply.summary : receiveError(reply.error));
      }
    });
    worker.on('error', (error) => (failure = error));
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      const reason = failure instanceof Error ? failure.message : `exit code ${code}`;
      for (const pass of this.#passes.values()) pass.end(new DecodeThreadError(reason, failure));
      this.#passes.clear();
    });
    return worker;
  }
}

/** One pass as its caller sees it. */
class Pass {
  readonly digests: Promise<DecodeSummary>;
  private readonly arrived: Frame[] = [];
  private isOver = false;
  /** Nobody takes frames any more. */
  private isLeft = false;
  private wake: () => void = () => undefined;
  private resolve: (summary: DecodeSummary) => void = () => undefined;
  private reject: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly release: (frame: number) => void,
    private readonly stop: () => void,
    private readonly signal: AbortSignal,
  ) {
    this.digests = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who leaves the loop early never asks for the digests.
    this.digests.catch(() => undefined);
  }

  /** From now on it ends by the signal. */
  listen(): void {
    if (this.signal.aborted) this.onAbort();
    else this.signal.addEventListener('abort', this.onAbort);
  }

  arrive(frame: number, sent: SentFrame): void {
    const release = (): void => {
      this.release(frame);
    };
    if (this.isLeft) release();
    else this.arrived.push({ ...sent, release });
    this.wake();
  }

  end(outcome: DecodeSummary | Error): void {
    this.isOver = true;
    this.signal.removeEventListener('abort', this.onAbort);
    // A pass that was ended says so in its own words.
    if (this.signal.aborted) this.reject(this.signal.reason);
    else if (outcome instanceof Error) this.reject(outcome);
    else this.resolve(outcome);
    this.wake();
  }

  async *deliver(): AsyncGenerator<Frame, void, undefined> {
    try {
      for (let frame = await this.next(); frame !== null; frame = await this.next()) yield frame;
      await this.digests;
    } finally {
      if (!this.isOver) this.stop();
      this.isLeft = true;
      for (const frame of this.arrived.splice(0)) frame.release();
    }
  }

  private readonly onAbort = (): void => {
    this.stop();
    this.wake();
  };

  private async next(): Promise<Frame | null> {
    for (;;) {
      // What is not yet taken when it is ended is not wanted any more.
      const frame = this.signal.aborted ? undefined : this.arrived.shift();
      if (frame !== undefined) return frame;
      if (this.isOver || this.signal.aborted) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
