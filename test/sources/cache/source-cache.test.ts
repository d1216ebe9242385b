import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../../../src/process/leftovers.js';
import type { SourceIdentity } from '../../../src/schema/source.js';
import { SourceCache, type Fill } from '../../../src/sources/cache/source-cache.js';
import { SourceCacheFullError, SourceDiskFullError, SourceNotFoundError } from '../../../src/sources/errors.js';

const { signal } = new AbortController();

let directory: string;
let cache: SourceCache;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-cache-'));
  cache = openCache();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const openCache = (cacheBytes = 100) =>
  new SourceCache(directory, () => ({ maxBytes: 100, maxSeconds: 60, cacheBytes }));
const namesIn = (name: string) => readdir(join(directory, name));

const source = (name: string, content: string): SourceIdentity => ({
  uri: `oss://bucket/${name}`,
  sizeBytes: content.length,
  version: 'etag:"1"',
});

/** Writes what is missing, having waited first. */
const filling =
  (content: string, before: (bytesThere: number) => Promise<void> | void = () => undefined): Fill =>
  async ({ handle }) => {
    const { size } = await handle.stat();
    await before(size);
    await handle.write(content.slice(size), size);
  };

async function hold(content: string, { from = cache, name = content, fill = filling(content) } = {}) {
  return from.hold(source(name, content), fill, signal);
}

async function keep(...contents: string[]): Promise<void> {
  for (const content of contents) {
    await (await hold(content)).release();
    // Times of use are told apart by the file system's clock.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a content is there without being fetched. */
async function has(content: string): Promise<boolean> {
  let fetched = false;
  const fill = filling(content, () => {
    fetched = true;
  });
  await (await hold(content, { from: openCache(1000), fill })).release();
  return !fetched;
}

test('a content is fetched once for all who want it, in this process and through another cache on the directory', async () => {
  let fills = 0;
  const fill = filling('content', async () => {
    fills += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
  const other = openCache();
  const holders = [cache, cache, other, other].map((from) => hold('content', { from, fill }));
  const locals = await Promise.all(holders);
  expect(fills).toBe(1);
  expect(new Set(locals.map(({ path }) => path)).size).toBe(4);
  for (const { path } of locals) expect(await readFile(path, 'utf8')).toBe('content');
});

test('versions of an object are contents of their own', async () => {
  await keep('first');
  const second = { ...source('first', 'other'), version: 'etag:"2"' };
  const local = await cache.hold(second, filling('other'), signal);
  expect(await readFile(local.path, 'utf8')).toBe('other');
});

test('what is released is gone for its user only, and releasing twice does no harm', async () => {
  const [one, two] = [await hold('content'), await hold('content')];
  await one.release();
  await one.release();
  await expect(stat(one.path)).rejects.toThrow('ENOENT');
  expect(await readFile(two.path, 'utf8')).toBe('content');
});

test('a failed fetch leaves what it has to the next one, and is never handed out', async () => {
  const failing: Fill = async ({ handle }) => {
    await handle.write('con', 0);
    throw new Error('broken');
  };
  await expect(hold('content', { fill: failing })).rejects.toThrow('broken');
  expect(await namesIn('contents')).toEqual([]);
  const yesterday = new Date(Date.now() - 86_400_000);
  const [part = ''] = await namesIn('parts');
  await utimes(join(directory, 'parts', part), yesterday, yesterday);
  const there: number[] = [];
  const local = await hold('content', { fill: filling('content', (bytes) => void there.push(bytes)) });
  expect(there).toEqual([3]);
  expect(await readFile(local.path, 'utf8')).toBe('content');
  expect(await namesIn('parts')).toEqual([]);
});

test('a fetch that failed for good leaves nothing', async () => {
  const failing: Fill = async ({ handle }) => {
    await handle.write('con', 0);
    throw new SourceNotFoundError('oss://bucket/content');
  };
  await expect(hold('content', { fill: failing })).rejects.toThrow(SourceNotFoundError);
  expect(await namesIn('parts')).toEqual([]);
});

test('a fetch goes on while somebody waits for it, and ends when nobody does', async () => {
  const [one, two] = [new AbortController(), new AbortController()];
  let stop: AbortSignal | undefined;
  const fill: Fill = (_, signalOfFetch) =>
    new Promise((_resolve, reject) => {
      stop = signalOfFetch;
      signalOfFetch.addEventListener('abort', () => {
        reject(new Error('ended'));
      });
    });
  const first = cache.hold(source('a', 'a'), fill, one.signal);
  const second = cache.hold(source('a', 'a'), fill, two.signal);
  while (stop === undefined) await new Promise(setImmediate);
  one.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  expect(stop.aborted).toBe(false);
  two.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  expect(stop.aborted).toBe(true);
  expect(await readFile((await hold('a')).path, 'utf8')).toBe('a');
});

test('what a killed process had fetched is gone on with, and the time that it took counts', async () => {
  await expect(hold('content', { fill: () => Promise.reject(new Error('broken')) })).rejects.toThrow('broken');
  const [free = ''] = await namesIn('parts');
  // As its owner would have left it: marked, half there, begun 5 s before its last byte.
  const gone = processMark().replace(/-\d+-/, `-${spawnSync('true').pid}-`);
  const killed = join(directory, 'parts', free.replace(/^free\./, `${gone}1.`).replace(/\d+$/, `${Date.now() - 5000}`));
  await rename(join(directory, 'parts', free), killed);
  await writeFile(killed, 'cont');
  let spent = 0;
  const fill: Fill = async ({ handle, spentMs }) => {
    spent = spentMs;
    expect((await handle.stat()).size).toBe(4);
    await handle.write('ent', 4);
  };
  expect(await readFile((await hold('content', { fill })).path, 'utf8')).toBe('content');
  expect(spent).toBeGreaterThanOrEqual(4900);
});

test('what is used least recently makes room', async () => {
  cache = openCache(10);
  await keep('aaaa', 'bbbb', 'aaaa', 'cccc');
  expect(await has('aaaa')).toBe(true);
  expect(await has('cccc')).toBe(true);
  expect(await has('bbbb')).toBe(false);
});

test('what is in use does not make room: when nothing else is there, a source more has to wait', async () => {
  cache = openCache(10);
  const [a, b] = [await hold('aaaa'), await hold('bbbb')];
  const waiting = hold('cccc');
  await expect(waiting).rejects.toThrow(SourceCacheFullError);
  await expect(waiting).rejects.toThrow('room for 4 bytes among the 10');
  expect(await readFile(a.path, 'utf8')).toBe('aaaa');
  await b.release();
  expect(await readFile((await hold('cccc')).path, 'utf8')).toBe('cccc');
  expect(await has('aaaa')).toBe(true);
});

test('what is being fetched takes its room from the beginning', async () => {
  cache = openCache(10);
  let end: () => void = () => undefined;
  const slow = hold('aaaaaaaa', {
    fill: filling('aaaaaaaa', () => new Promise((resolve) => (end = resolve))),
  });
  while ((await namesIn('parts').catch(() => [])).length === 0) await new Promise(setImmediate);
  await expect(hold('bbbb')).rejects.toThrow(SourceCacheFullError);
  end();
  await (await slow).release();
  expect(await readFile((await hold('bbbb')).path, 'utf8')).toBe('bbbb');
});

test('a file that a power cut left without its bytes is fetched again', async () => {
  await keep('content');
  const [name = ''] = await namesIn('contents');
  await truncate(join(directory, 'contents', name), 3);
  expect(await readFile((await hold('content')).path, 'utf8')).toBe('content');
});

test('uses of processes that are gone end at the start of the next one', async () => {
  const mine = await hold('content');
  const gone = processMark().replace(/-\d+-/, `-${spawnSync('true').pid}-`);
  await writeFile(join(directory, 'uses', `${gone}1.${Date.now()}.abc`), '');
  await writeFile(join(directory, 'parts', 'foreign'), '');
  await (await hold('more', { from: openCache() })).release();
  expect(await namesIn('uses')).toEqual([mine.path.split('/').at(-1)]);
  expect(await namesIn('parts')).toEqual([]);
});

test('a full disk is said so, and what nobody uses makes room', async () => {
  await keep('unused');
  await expect(hold('content', { fill: () => Promise.reject(new Error('broken')) })).rejects.toThrow('broken');
  const [part = ''] = await namesIn('parts');
  await rm(join(directory, 'parts', part));
  await symlink('/dev/full', join(directory, 'parts', part));
  const holding = hold('content');
  await expect(holding).rejects.toThrow(SourceDiskFullError);
  await expect(holding).rejects.toThrow('no room left on the disk');
  expect(await namesIn('parts')).toEqual([]);
  expect(await namesIn('contents')).toEqual([]);
  expect(await readFile((await hold('content')).path, 'utf8')).toBe('content');
});
