import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log file that keeps the newest lines and never takes more than twice the limit on disk. */
export interface BoundedLog {
  /** Once it is closed nothing is written any more. What the disk does not take is lost: no log is worth the process that writes it. */
  write(chunk: Uint8Array): void;
  /** Safe to call twice. */
  close(): void;
}

/** Appends to the file at `path`; from `limitBytes` on it becomes `path.1`, in place of the one before it, and a new one begins. */
export function openBoundedLog(path: string, limitBytes: number): BoundedLog {
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  let closed = false;
  function turn(): void {
    // Not there when this went only half-way the last time.
    if (existsSync(path)) renameSync(path, `${path}.1`);
    const next = openSync(path, 'a', 0o600);
    closeSync(file);
    file = next;
    size = 0;
  }
  return {
    // Synchronous: what the server said last must be there when its end is reported. It says little.
    write(chunk) {
      if (closed) return;
      try {
        if (size >= limitBytes) turn();
        writeSync(file, chunk);
        size += chunk.byteLength;
      } catch {
        // Full, or gone: what comes later may find room again.
      }
    },
    close() {
      if (closed) return;
      closed = true;
      closeSync(file);
    },
  };
}
