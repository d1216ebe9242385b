import { readFileSync } from 'node:fs';

/** What is used of WebAssembly, which Node has and its types do not name. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: object } }) => { exports: object };
};

/** Bytes that kernels take at a time; up to so many behind what they are given may be read. */
export const VECTOR = 16;
const PAGE_BYTES = 65_536;

/** The memory of all kernels, of the thread that loads this file; `buffer` is another one each time that it has grown. Nothing in it outlasts a picture. */
export const memory = new WebAssembly.Memory({ initial: 1 });

/** The functions of the file of this name in kernels/, which says what they do. */
export function kernel(file: string): object {
  const bytes = readFileSync(new URL(`../../../kernels/${file}.wasm`, import.meta.url));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}

/** Places of so many bytes each in the kernels' memory, which grows when they are more than it has. */
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
