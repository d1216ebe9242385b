import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChromiumMissingError, findChromium, provideChromium } from '../../src/setup/provide-chromium.js';
import { fakeProgram } from '../support/fake-program.js';

let root: string;
let bin: string;
let said: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framewarden-chromium-'));
  bin = join(root, 'bin');
  said = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const search = (isRoot = false, chromiumPath: string | null = null) => ({
  searchPath: [bin],
  chromiumPath,
  isRoot,
  say: (line: string) => void said.push(line),
});

test('the one on PATH is found under the names of several systems, and nothing is said', async () => {
  const path = fakeProgram(bin, 'chromium-browser', 'exit 0');
  expect(await provideChromium(search())).toBe(path);
  expect(said).toEqual([]);
});

test('one that is named is taken, and no other when it is missing', async () => {
  const path = fakeProgram(join(root, 'elsewhere'), 'my-browser', 'exit 0');
  fakeProgram(bin, 'chromium', 'exit 0');
  expect(findChromium(search(false, path))).toBe(path);
  await expect(provideChromium(search(true, '/nowhere/browser'))).rejects.toThrow(
    /The program \/nowhere\/browser is missing/,
  );
});

test.each([
  ['apt-get', 'sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium'],
  ['brew', 'brew install --cask chromium'],
])('without root the command of %s is named and not run', async (manager, command) => {
  fakeProgram(bin, manager, 'exit 1');
  const providing = provideChromium(search());
  await expect(providing).rejects.toThrow(ChromiumMissingError);
  await expect(providing).rejects.toMatchObject({
    command,
    message: expect.stringContaining(`Install it with:\n  ${command}`),
  });
});

test('root has it installed, and it is said', async () => {
  const log = join(root, 'log');
  fakeProgram(
    bin,
    'apt-get',
    `PATH=/usr/bin:/bin; echo "$*" >> ${log}; [ "$1" = update ] || cp "$0" ${join(bin, 'chromium')}`,
  );
  expect(await provideChromium(search(true))).toBe(join(bin, 'chromium'));
  expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends chromium\n');
  expect(said).toEqual([expect.stringContaining('apt-get install')]);
});

test('when installing it fails, the command is named with what it printed', async () => {
  fakeProgram(bin, 'apt-get', 'echo E: no network; exit 100');
  const providing = provideChromium(search(true));
  await expect(providing).rejects.toThrow(/E: no network/);
  await expect(providing).rejects.toThrow(/Install it with:\n {2}apt-get update/);
});
