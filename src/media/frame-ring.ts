import { Writable, type Readable } from 'node:stream';
import { readDirectly } from './direct-read.js';
import { FrameMemory } from './frame-memory.js';

/** Memory that the frames of one decoder share: enough that decoding and classifying overlap. */
const RING_BYTES = 64 * 2 ** 20;
/** Read at most when a writer that was held up may go on. */
const SPILL_BYTES = 64 * 2 ** 10;

/** Of all rings of a thread, one after another. */
const MEMORY = new FrameMemory();

/** One frame's memory, filled. */
export interface FilledSlot {
  data: Uint8Array;
  /** Counts from 0 in the order of arrival. */
  index: number;
  /** Makes the memory free for another frame; a second call does nothing. */
  release(): void;
}

/**
 * Cuts a byte stream into frames of equal length, in a few shared buffers that are used again once released. While none is free it takes no bytes,
 * which holds up the writer at the other end. What a child process writes is read straight into them when its stdout is piped here.
 */
export class FrameRing extends Writable {
  private readonly free: Uint8Array[] = [];
  private readonly filled: FilledSlot[] = [];
  private readonly size: number;
  private allocated = 0;
  private count = 0;
  private current: Uint8Array | null = null;
  private at = 0;
  private heldUp: (() => void) | null = null;
  private wanted: (() => void) | null = null;
  private over = false;
  private moved = false;
  /** Where bytes go for which there is no frame: they are copied, or not wanted any more. */
  private readonly spill: Uint8Array;

  constructor(
    private readonly frameBytes: number,
    private readonly memory = MEMORY,
  ) {
    // fluent-ffmpeg would take an early `close` for a fault and kill ffmpeg while it writes its last lines.
    super({ autoDestroy: false, emitClose: false });
    this.size = Math.max(3, Math.min(8, Math.floor(RING_BYTES / frameBytes)));
    this.spill = new Uint8Array(Math.min(SPILL_BYTES, frameBytes));
    this.on('pipe', (source: Readable) => {
      this.readFrom(source);
    });
  }

  /** Whether the writer waits for frames to be released, or has written since this was last asked. */
  isAlive(): boolean {
    const alive = this.moved || this.heldUp !== null;
    this.moved = false;
    return alive;
  }

  /** The next frame, or `null` after the last whole one or after `discard`. One call at a time. */
  async next(): Promise<FilledSlot | null> {
    for (;;) {
      const slot = this.filled.shift();
      if (slot !== undefined) return slot;
      if (this.over) return null;
      await new Promise<void>((resolve) => {
        this.wanted = resolve;
      });
    }
  }

  /** Drops what is not yet taken and all that still comes. */
  discard(): void {
    this.close();
    for (const slot of this.filled.splice(0)) slot.release();
    this.goOn();
    this.wake();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let taken = 0;
    this.moved = true;
    const take = (): void => {
      while (taken < chunk.length && !this.over) {
        this.current ??= this.allocate();
        if (this.current === null) {
          this.heldUp = take;
          return;
        }
        const length = Math.min(chunk.length - taken, this.frameBytes - this.at);
        this.current.set(chunk.subarray(taken, taken + length), this.at);
        taken += length;
        this.at += length;
        if (this.at === this.frameBytes) this.fill(this.current);
      }
      done();
    };
    take();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.close();
    // Until now bytes might still have come into it.
    if (this.current !== null) this.memory.giveBack(this.current);
    this.current = null;
    this.wake();
    done();
  }

  private readFrom(source: Readable): void {
    const reading = readDirectly(
      source,
      {
        buffer: () => this.place(),
        callback: (bytes, place) => {
          if (this.take(bytes, place)) return true;
          this.heldUp = () => reading?.resume();
          return false;
        },
      },
      () => {
        this.end();
      },
    );
  }

  /** Where the next bytes go. */
  private place(): Uint8Array {
    if (this.over) return this.spill;
    this.current ??= this.allocate();
    return this.current?.subarray(this.at) ?? this.spill;
  }

  /** Takes so many bytes that have come to a place; answers whether there is one for those that follow. */
  private take(bytes: number, place: Uint8Array): boolean {
    this.moved = true;
    if (this.over) return true;
    const current = (this.current ??= this.allocate());
    if (current === null) throw new RangeError('Expected no bytes while no frame is free.');
    if (place === this.spill) current.set(place.subarray(0, bytes), this.at);
    this.at += bytes;
    if (this.at < this.frameBytes) return true;
    this.fill(current);
    this.current = this.allocate();
    return this.current !== null;
  }

  private fill(data: Uint8Array): void {
    this.current = null;
    this.at = 0;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      if (this.over) this.memory.giveBack(data);
      else this.free.push(data);
      this.goOn();
    };
    this.filled.push({ data, index: this.count++, release });
    this.wake();
  }

  private allocate(): Uint8Array | null {
    const free = this.free.pop();
    if (free !== undefined) return free;
    if (this.allocated === this.size) return null;
    this.allocated++;
    return this.memory.take(this.frameBytes);
  }

  /** From now on memory goes to the next ring as soon as it is released. */
  private close(): void {
    this.over = true;
    for (const data of this.free.splice(0)) this.memory.giveBack(data);
  }

  private goOn(): void {
    const take = this.heldUp;
    this.heldUp = null;
    take?.();
  }

  private wake(): void {
    this.wanted?.();
    this.wanted = null;
  }
}
