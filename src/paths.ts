import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the package: sources lie in `src/`, built files in `dist/`, one level below it either way. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a built file, also for code that runs from its sources: threads and workers load what was built. */
export function builtFile(...parts: string[]): string {
  return join(packageRoot, 'dist', ...parts);
}

/** Version of this package, as in `package.json`. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
