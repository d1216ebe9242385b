import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidConfigError } from '../config.js';
import { errorMessage } from '../domain/error-code.js';

/**
 * Makes sure that this can be a data directory, and leaves no trace of having tried. Node's own way of making a directory with those above it never ends where
 * the system has none to give, as below `/proc`.
 * @throws {InvalidConfigError}
 */
export function assertDataDir(dataDir: string): void {
  try {
    if (existsSync(dataDir)) {
      if (!statSync(dataDir).isDirectory()) throw new Error('it is no directory');
      accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
      return;
    }
    let above = dirname(dataDir);
    while (!existsSync(above)) above = dirname(above);
    if (!statSync(above).isDirectory()) throw new Error(`${above} is no directory`);
    rmdirSync(mkdtempSync(join(above, '.framewarden-')));
  } catch (error) {
    throw new InvalidConfigError([
      `FRAMEWARDEN_DATA (--data): expected a directory that can be made and written to, got ${JSON.stringify(dataDir)}: ${errorMessage(error)}. Choose another one.`,
    ]);
  }
}
