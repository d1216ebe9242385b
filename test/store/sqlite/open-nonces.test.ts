import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { openNonces } from '../../../src/store/sqlite/open-nonces.js';
import { build } from '../../support/build.js';

let directory: string;
beforeAll(async () => {
  await build();
  directory = await mkdtemp(join(tmpdir(), 'framewarden-nonces-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let files = 0;
const newFile = () => join(directory, `${++files}`, 'nonces.db');
const LATER = Date.now() + 60_000;

test('a nonce is used once by each access key', async () => {
  const nonces = await openNonces(newFile());
  expect(await nonces.use('key', 'nonce', LATER)).toBe(true);
  expect(await nonces.use('key', 'nonce', LATER)).toBe(false);
  expect(await nonces.use('other', 'nonce', LATER)).toBe(true);
  expect(await nonces.use('key', 'noncE', LATER)).toBe(true);
  await nonces.close();
  await nonces.close();
});

test('it stays used for a second store, and after the store was opened anew', async () => {
  const path = newFile();
  const [one, two] = [await openNonces(path), await openNonces(path)];
  expect(await one.use('key', 'nonce', LATER)).toBe(true);
  expect(await two.use('key', 'nonce', LATER)).toBe(false);
  await one.close();
  await two.close();
  const again = await openNonces(path);
  expect(await again.use('key', 'nonce', LATER)).toBe(false);
  await again.close();
});

const MODULE = pathToFileURL(resolve('dist/store/sqlite/open-nonces.js')).href;
/** A process that has `nonces` open and runs this code. */
const startProcess = (path: string, code: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openNonces } from ${JSON.stringify(MODULE)};
       const nonces = await openNonces(${JSON.stringify(path)});
       ${code}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

test('what a killed process has used stays used', async () => {
  const path = newFile();
  const child = startProcess(
    path,
    `for (let n = 0; ; n++) { await nonces.use('key', 'nonce ' + n, ${LATER}); process.stdout.write(n + '\\n'); }`,
  );
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    if (told.split('\n').length > 500) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const last = Number(told.split('\n').at(-2));
  expect(last).toBeGreaterThanOrEqual(498);
  const nonces = await openNonces(path);
  for (let n = 0; n <= last; n++) expect([n, await nonces.use('key', `nonce ${n}`, LATER)]).toEqual([n, false]);
  await nonces.close();
});

test('of processes that use the same nonces at the same time exactly one is told each is new', async () => {
  const path = newFile();
  const children = [1, 2, 3].map(() =>
    startProcess(
      path,
      `let fresh = 0;
       for (let n = 0; n < 500; n++) if (await nonces.use('key', 'nonce ' + n, ${LATER})) fresh++;
       console.log(fresh);
       await nonces.close();`,
    ),
  );
  const counts = await Promise.all(
    children.map(async (child) => {
      let told = '';
      child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
      expect((await once(child, 'close'))[0]).toBe(0);
      return Number(told);
    }),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
});

test('expired nonces are removed as new ones come, others are not', async () => {
  const path = newFile();
  let now = 0;
  const nonces = await openNonces(path, () => now);
  for (let n = 0; n < 1000; n++) await nonces.use('key', `old ${n}`, 1000);
  await nonces.use('key', 'lasting', 5000);
  now = 2000;
  for (let n = 0; n < 640; n++) await nonces.use('key', `new ${n}`, 5000);
  const raw = new Database(path);
  expect(raw.prepare('select count(*) as rows from nonces').get()).toMatchObject({ rows: 641 });
  raw.close();
  expect(await nonces.use('key', 'lasting', 5000)).toBe(false);
  await nonces.close();
});
