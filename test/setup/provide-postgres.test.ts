import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, PostgresMissingError, providePostgres } from '../../src/setup/provide-postgres.js';
import { fakeProgram } from '../support/fake-program.js';

let root: string;
let bin: string;
let said: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framewarden-postgres-'));
  bin = join(root, 'bin');
  said = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function place(directory: string): void {
  for (const name of ['initdb', 'postgres']) fakeProgram(directory, name, 'exit 0');
}
const search = (isRoot = false) => ({
  searchPath: [bin],
  packageDirs: [join(root, 'packages')],
  isRoot,
  say: (line: string) => void said.push(line),
});

test('the newest of the versions installed is found, which is not on PATH', () => {
  for (const version of ['9', '15', 'postgresql@14', 'mysql@99']) place(join(root, 'packages', version, 'bin'));
  expect(findPostgres(search())).toBe(join(root, 'packages', '15', 'bin'));
});

test('a folder that holds the programs itself will do, and one without the server will not', () => {
  fakeProgram(join(root, 'packages', '17', 'bin'), 'initdb', 'exit 0');
  expect(findPostgres(search())).toBeNull();
  place(join(root, 'packages', 'postgresql16'));
  expect(findPostgres(search())).toBe(join(root, 'packages', 'postgresql16'));
});

test('programs on PATH are found', async () => {
  place(bin);
  expect(await providePostgres(search())).toBe(bin);
  expect(said).toEqual([]);
});

test.each([
  ['apt-get', 'sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql'],
  ['brew', 'brew install postgresql@17'],
])('without root the command of %s is named and not run', async (manager, command) => {
  fakeProgram(bin, manager, 'exit 0');
  const providing = providePostgres(search());
  await expect(providing).rejects.toThrow(PostgresMissingError);
  await expect(providing).rejects.toMatchObject({
    command,
    message: expect.stringContaining(`Install it with:\n  ${command}`),
  });
});

test('root has it installed, and it is said', async () => {
  const log = join(root, 'log');
  const put = `d=${join(root, 'packages', '15', 'bin')}; mkdir -p $d; for p in initdb postgres; do cp "$0" $d/$p; done`;
  fakeProgram(bin, 'apt-get', `PATH=/usr/bin:/bin; echo "$*" >> ${log}; [ "$1" = update ] || { ${put}; }`);
  expect(await providePostgres(search(true))).toBe(join(root, 'packages', '15', 'bin'));
  expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends postgresql\n');
  expect(said).toEqual([expect.stringContaining('apt-get install')]);
});

test('when installing it fails, the command is named with what it printed', async () => {
  fakeProgram(bin, 'apt-get', 'echo E: no network; exit 100');
  const providing = providePostgres(search(true));
  await expect(providing).rejects.toThrow(/E: no network/);
  await expect(providing).rejects.toThrow(/Install it with:\n {2}apt-get update/);
});
