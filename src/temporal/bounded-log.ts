import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log file that keeps the newest lines and never takes more than twice the limit on disk. */
export interface BoundedLog {
  /** Once it is closed nothing is written any more. */
  write(chunk: Uint8Array): void;
  /** Safe to call twice. */
  close(): void;
}

/** Appends to the file at `path`; from `limitBytes` on it becomes `path.1`, in place of the one before it, and a new one begins. */
export function openBoundedLog(path: string, limitBytes: number): BoundedLog {
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  let closed = false;
  return {
    // Synchronous: what the server said last must be there when its end is reported. It says little.
    write(chunk) {
      if (closed) return;
      if (size >= limitBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', 0o600);
        size = 0;
      }
      writeSync(file, chunk);
      size += chunk.byteLength;
    },
    close() {
      if (closed) return;
      closed = true;
      closeSync(file);
    },
  };
}
