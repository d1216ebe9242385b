import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asked, Measured, Message } from './measured.js';
import { memoryOf } from './meter.js';

/** Milliseconds between two looks at the memory. */
const LOOK_MS = 200;

/** A run of the product, watched from outside. */
export interface ProductRun extends Measured {
  /** Most that process and decoders held at one moment, from the start of the task to its verdict. */
  peakBytes: number;
}

/** Runs the product once, in a process and a data directory of its own. */
export async function runProduct(asked: Omit<Asked, 'dataDir'>): Promise<ProductRun> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  const entry = fileURLToPath(new URL('./process.js', import.meta.url));
  const child = fork(entry, [JSON.stringify({ ...asked, dataDir } satisfies Asked)], { stdio: 'inherit' });
  let peakBytes = 0;
  let watch: NodeJS.Timeout | undefined;
  let measured: Measured | undefined;
  child.on('message', (message: Message) => {
    if (message.kind === 'measured') {
      clearInterval(watch);
      measured = message.measured;
      return;
    }
    watch = setInterval(() => (peakBytes = Math.max(peakBytes, memoryOf(child.pid ?? 0))), LOOK_MS);
  });
  // A long message may still be on its way when the process has ended.
  const [[code]] = (await Promise.all([once(child, 'exit'), once(child, 'disconnect')])) as [[number | null], unknown];
  clearInterval(watch);
  await rm(dataDir, { recursive: true, force: true });
  if (measured === undefined || code !== 0)
    throw new Error(`Expected a run ${asked.way} on ${asked.path} to end with 0, received ${String(code)}.`);
  return { ...measured, peakBytes };
}
