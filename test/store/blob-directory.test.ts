import { appendFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlobDirectory } from '../../src/store/blob-directory.js';
import { BlobCorruptError, type BlobStore } from '../../src/store/blobs.js';
import { blobContract } from './blob-contract.js';

const HELLO = Buffer.from('hello');
const HELLO_DIGEST = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

let directory: string;
let blobs: BlobStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-blobs-'));
  blobs = await openBlobDirectory(directory);
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

blobContract('a directory', () => Promise.resolve(blobs));

const pathOf = (digest: string) => join(directory, digest.slice(0, 2), digest.slice(2));

test('bytes are answered under their SHA-256', async () => {
  expect(await blobs.put(HELLO)).toBe(HELLO_DIGEST);
  expect(await blobs.get(HELLO_DIGEST)).toEqual(HELLO);
  expect(await blobs.has(HELLO_DIGEST)).toBe(true);
  expect(await readFile(pathOf(HELLO_DIGEST))).toEqual(HELLO);
});

test('what was put is there for another store on the same directory', async () => {
  await blobs.put(HELLO);
  const other = await openBlobDirectory(directory);
  expect(await other.get(HELLO_DIGEST)).toEqual(HELLO);
});

test('a blob whose file was changed is not answered', async () => {
  await blobs.put(HELLO);
  await appendFile(pathOf(HELLO_DIGEST), '!');
  const getting = blobs.get(HELLO_DIGEST);
  await expect(getting).rejects.toThrow(BlobCorruptError);
  await expect(getting).rejects.toMatchObject({ digest: HELLO_DIGEST, location: pathOf(HELLO_DIGEST) });
});

test('putting a blob again mends one that was cut short', async () => {
  await blobs.put(HELLO);
  await writeFile(pathOf(HELLO_DIGEST), 'hel');
  await blobs.put(HELLO);
  expect(await blobs.get(HELLO_DIGEST)).toEqual(HELLO);
});

test('the same bytes put by many at once are one whole blob, and no temporary file stays', async () => {
  const bytes = Buffer.alloc(300_000, 'frame');
  const stores = await Promise.all(Array.from({ length: 4 }, () => openBlobDirectory(directory)));
  const puts = stores.flatMap((store) => Array.from({ length: 10 }, () => store.put(bytes)));
  const digests = await Promise.all(puts);
  expect(new Set(digests).size).toBe(1);
  expect(await blobs.get(digests[0] ?? '')).toEqual(bytes);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

test('a blob that was put again since is kept when asked so', async () => {
  await blobs.put(HELLO);
  await utimes(pathOf(HELLO_DIGEST), new Date('2026-01-01'), new Date('2026-01-01'));
  await blobs.put(HELLO);
  expect(await blobs.delete(HELLO_DIGEST, new Date('2026-01-02'))).toBe(false);
  expect(await blobs.has(HELLO_DIGEST)).toBe(true);
  await utimes(pathOf(HELLO_DIGEST), new Date('2026-01-01'), new Date('2026-01-01'));
  expect(await blobs.delete(HELLO_DIGEST, new Date('2026-01-02'))).toBe(true);
  expect(await blobs.has(HELLO_DIGEST)).toBe(false);
});

test('opening removes temporary files older than an hour and no younger ones', async () => {
  const [old, young] = [join(directory, 'tmp', 'old'), join(directory, 'tmp', 'young')];
  await Promise.all([writeFile(old, 'x'), writeFile(young, 'x')]);
  const overAnHourAgo = new Date(Date.now() - 3_700_000);
  await utimes(old, overAnHourAgo, overAnHourAgo);
  await openBlobDirectory(directory);
  expect(await readdir(join(directory, 'tmp'))).toEqual(['young']);
});
