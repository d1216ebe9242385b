import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a shell script into a directory that stands for one of PATH. */
export function fakeProgram(directory: string, name: string, script: string): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** A shell line that prints the version of a Temporal program with this server. */
export const temporalVersion = (server: string): string =>
  `echo 'temporal version 9.9.9 (Server ${server}, UI 2.42.1)'`;
