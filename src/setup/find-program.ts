import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';

/** Absolute paths of the executables of this name, in the order of the search path; a name with a slash stands for itself. */
export function findPrograms(name: string, searchPath: readonly string[]): string[] {
  const candidates =
    isAbsolute(name) || name.includes(sep) ? [resolve(name)] : searchPath.map((dir) => join(dir, name));
  return [...new Set(candidates)].filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not for us: PATH goes on to its next directory.
    return false;
  }
}
