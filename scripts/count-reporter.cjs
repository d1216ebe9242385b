const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

const root = join(__dirname, '..');
const cache = join(root, '.cache');

/** @returns {Record<string, { passed: number, failed: number }>} The test files that ran before, empty where none did. */
function ranBefore() {
  try {
    return JSON.parse(readFileSync(join(cache, 'test-files.json'), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Keeps in .cache, for `.ci/run`: how each test file ended when it ran last (test-files.json), `N passed, N failed` of all of them (test-count.txt), and
 * the files of this run that failed, a path a line (test-failed.txt).
 */
class CountReporter {
  onRunComplete(_contexts, { testResults }) {
    const files = ranBefore();
    const failed = [];
    for (const { testFilePath, numPassingTests, numFailingTests, testExecError } of testResults) {
      // A file that could not be loaded counts as one failed test: it must not vanish.
      const failures = numFailingTests + (testExecError ? 1 : 0);
      const path = relative(root, testFilePath);
      files[path] = { passed: numPassingTests, failed: failures };
      if (failures > 0) failed.push(`${path}\n`);
    }
    const sum = (outcome) => Object.values(files).reduce((total, file) => total + file[outcome], 0);
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'test-files.json'), JSON.stringify(files));
    writeFileSync(join(cache, 'test-count.txt'), `${sum('passed')} passed, ${sum('failed')} failed\n`);
    writeFileSync(join(cache, 'test-failed.txt'), failed.join(''));
  }
}

module.exports = CountReporter;
