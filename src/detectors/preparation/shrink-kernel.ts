import { readFileSync } from 'node:fs';

/** What is used of WebAssembly, which Node has and its types do not name. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: object } }) => { exports: object };
};

/** What the kernel takes at a time: bytes of a row, and weights across. */
export const [VECTOR, TAPS] = [16, 8] as const;
const PAGE_BYTES = 65_536;

/** The kernel's memory, of the thread that loads this file; `buffer` is another one each time that it has grown. */
export const memory = new WebAssembly.Memory({ initial: 1 });

const bytes = readFileSync(new URL('../../../kernels/shrink-plane.wasm', import.meta.url));
const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });

/** See kernels/shrink-plane.ts. */
export const { shrink } = instance.exports as {
  shrink: (
    plane: number,
    rowBytes: number,
    first: number,
    end: number,
    down: number,
    tapsDown: number,
    across: number,
    tapsAcross: number,
    sums: number,
    out: number,
    from: number,
    to: number,
  ) => void;
};

/** Places of so many bytes each in the kernel's memory, which grows when they are more than it has. */
export function places(sizes: readonly number[]): number[] {
  let end = 0;
  const starts = sizes.map((size) => {
    const start = end;
    end += Math.ceil(size / VECTOR) * VECTOR;
    return start;
  });
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return starts;
}
