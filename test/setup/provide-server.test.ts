import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { provideServer } from '../../src/setup/provide-server.js';
import { fetchedServer } from '../../src/temporal/find-server.js';
import { build, ROOT } from '../support/build.js';
import { fakeProgram, temporalVersion } from '../support/fake-program.js';

let root: string;
let dataDir: string;
let bin: string;
let said: string[];

function provide(searchPath = [bin]) {
  const say = (line: string): void => void said.push(line);
  return provideServer({ dataDir, searchPath, say, signal: new AbortController().signal });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framewarden-server-'));
  [dataDir, bin] = [join(root, 'data'), join(root, 'bin')];
  mkdirSync(bin);
  said = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the Temporal server', () => {
  test('on PATH is taken when it is new enough, and nothing is said', async () => {
    const path = fakeProgram(bin, 'temporal', temporalVersion('1.29.1'));
    expect(await provide()).toEqual({ path, serverVersion: '1.29.1' });
    expect(said).toEqual([]);
  });

  test.each(['2.0.0', '1.30.0', '1.100.2'])('of version %s is new enough', async (version) => {
    fakeProgram(bin, 'temporal', temporalVersion(version));
    expect((await provide()).serverVersion).toBe(version);
  });

  test('on PATH that is too old is passed over with a word, said once', async () => {
    const [old, newer] = [join(root, 'old'), join(root, 'newer')];
    const oldPath = fakeProgram(old, 'temporal', temporalVersion('1.28.3'));
    const path = fakeProgram(newer, 'temporal', temporalVersion('1.29.0'));
    expect((await provide([old, newer])).path).toBe(path);
    expect((await provide([old, newer])).path).toBe(path);
    expect(said).toEqual([expect.stringMatching(`${oldPath}.*1\\.28\\.3.*1\\.29`)]);
  });

  test('in the data directory is taken when PATH has none', async () => {
    const path = fakeProgram(join(dataDir, 'bin'), 'temporal', temporalVersion('1.29.1'));
    expect(path).toBe(fetchedServer(dataDir));
    expect((await provide()).path).toBe(path);
  });

  test('that does not start is passed over', async () => {
    fakeProgram(bin, 'temporal', 'exit 3');
    const path = fakeProgram(join(dataDir, 'bin'), 'temporal', temporalVersion('1.29.1'));
    expect((await provide()).path).toBe(path);
    expect(said).toEqual([expect.stringContaining('does not start')]);
  });

  test('is built with Go where it cannot be fetched, stripped and without C, and nothing else is left behind', async () => {
    const log = join(root, 'log');
    const made = `printf '#!/bin/sh\\n%s\\n' "${temporalVersion('1.29.1')}" > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"`;
    const version = "echo 'go version go1.26.8 linux/amd64'";
    fakeProgram(bin, 'go', `if [ "$1" = version ]; then ${version}; else echo "$CGO_ENABLED $*" > ${log}; ${made}; fi`);
    const { path, told } = await provideOffline();
    expect(path).toBe(fetchedServer(dataDir));
    expect(readFileSync(log, 'utf8')).toMatch(
      /^0 install -ldflags -s -w github\.com\/temporalio\/cli\/cmd\/temporal@v1/,
    );
    expect(readdirSync(join(dataDir, 'bin'))).toEqual(['temporal']);
    expect(told).toEqual([expect.stringContaining('temporal.download'), expect.stringContaining('about 3 minutes')]);
  });

  test('that can neither be fetched nor built is asked for with the commands that bring it', async () => {
    fakeProgram(bin, 'go', "echo 'go version go1.21.4 linux/amd64'");
    const { error } = await provideOffline();
    expect(error).toMatch(/download failed/);
    expect(error).toMatch(/1\.23.*go1\.21\.4/);
    expect(error).toMatch(/brew install temporal/);
    expect(error).toMatch(/CGO_ENABLED=0 GOBIN=.* go install -ldflags '-s -w' github\.com/);
    expect(readdirSync(join(dataDir, 'bin'))).toEqual([]);
  });
});

/** In a process of its own, whose requests go to a proxy that is not there: nothing is fetched, on whatever machine this runs. */
async function provideOffline(): Promise<{ path?: string; error?: string; told: string[] }> {
  await build();
  const module = pathToFileURL(join(ROOT, 'dist', 'setup', 'provide-server.js')).href;
  const script = `
    const { provideServer } = await import(${JSON.stringify(module)});
    const told = [];
    const signal = new AbortController().signal;
    const [dataDir, bin] = ${JSON.stringify([dataDir, bin])};
    const answer = await provideServer({ dataDir, searchPath: [bin], say: (line) => told.push(line), signal })
      .catch((error) => ({ error: error.message }));
    console.log(JSON.stringify({ ...answer, told }));`;
  const env = { ...process.env, HTTPS_PROXY: 'http://127.0.0.1:9' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  return JSON.parse(stdout) as { told: string[] };
}
