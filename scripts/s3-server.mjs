// An S3 server for the tests: versitygw, a real one. On PATH it is used, else it is built with Go into the data directory, once.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from './packages.mjs';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

/** Makes sure that there is one. Throws an Error that says what is missing. */
export async function provideS3Server({ dataDir, searchPath, say, signal }) {
  const { findPrograms } = await import('../dist/setup/find-program.js');
  const { runStep } = await import('../dist/setup/run-step.js');
  const binDir = join(dataDir, 'bin');
  const place = join(binDir, 'versitygw');
  if ([...findPrograms('versitygw', searchPath), ...findPrograms(place, [])].length > 0) return;
  const [go] = findPrograms('go', searchPath);
  if (go === undefined)
    throw new ProvisionError(
      `The tests need an S3 server: install Go, or put versitygw on PATH (go install ${MODULE}).`,
    );
  say(`Building the tests' S3 server with Go (${MODULE}: about 4 minutes, 300 MB of download, once) …`);
  await mkdir(binDir, { recursive: true });
  // In a directory of its own first: what lies in its place is whole.
  const directory = await mkdtemp(join(binDir, 'fetching-'));
  try {
    const build = ['nice', 'env', 'CGO_ENABLED=0', `GOBIN=${directory}`, go, 'install', '-ldflags', '-s -w', MODULE];
    await runStep(build, { signal });
    await rename(join(directory, 'versitygw'), place);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
