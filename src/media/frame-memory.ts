/** Kept for frames to come, in bytes: what two decoders use at once. */
const KEPT_BYTES = 128 * 2 ** 20;

/**
 * Memory of frames that several threads read. It is used again rather than left to be collected: every thread that has seen it must have done so before
 * it is free, which threads that make little garbage put off for minutes.
 */
export class FrameMemory {
  /** Those given back last come last. */
  private readonly kept: Uint8Array[] = [];
  private keptBytes = 0;

  /** Memory of this many bytes, with whatever was in it before. */
  take(bytes: number): Uint8Array {
    const at = this.kept.findLastIndex(({ length }) => length === bytes);
    const [found] = at === -1 ? [] : this.kept.splice(at, 1);
    if (found === undefined) return new Uint8Array(new SharedArrayBuffer(bytes));
    this.keptBytes -= bytes;
    return found;
  }

  /** Nobody reads it or writes to it any more. */
  giveBack(memory: Uint8Array): void {
    this.kept.push(memory);
    this.keptBytes += memory.length;
    while (this.keptBytes > KEPT_BYTES) this.keptBytes -= this.kept.shift()?.length ?? 0;
  }
}
