import { mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SourceConfig } from '../../src/schema/source-config.js';
import { openSources } from '../../src/sources/by-scheme.js';
import { SourceChangedError, SourceNotFoundError } from '../../src/sources/errors.js';
import type { SourceReader } from '../../src/sources/source.js';

let directory: string;
let bucket: string;
let sources: SourceReader;
const { signal } = new AbortController();

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'framewarden-sources-')));
  bucket = join(directory, 'bucket');
  await mkdir(join(bucket, 'deep'), { recursive: true });
  await writeFile(join(directory, 'secret.mp4'), 'outside');
  const config = SourceConfig.parse({ buckets: [{ match: 'samples', directory: bucket }], fileRoots: [bucket] });
  sources = openSources(() => config, join(directory, 'cache'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const identify = (uri: string, rest = {}) => sources.identify({ uri, ...rest }, signal);
const fileUri = (...path: string[]) => pathToFileURL(join(...path)).href;

test.each(['clip.mp4', 'deep/clip.mp4', 'a b?c#d%20e.mp4', 'Ünï 日本.mp4', '.hidden', 'back\\slash'])(
  'a file below the directory is the object %s',
  async (key) => {
    await writeFile(join(bucket, key), 'pictures');
    const source = await identify(`oss://samples/${key}`);
    expect(source).toMatchObject({ uri: `oss://samples/${key}`, sizeBytes: 8 });
    const local = await sources.open(source, signal);
    expect(readFileSync(local.path, 'utf8')).toBe('pictures');
    await local.assertUnchanged();
    await local.release();
  },
);

test.each(['missing.mp4', 'deep', '../secret.mp4', '/clip.mp4', 'deep//clip.mp4', './clip.mp4', 'clip.mp4/', 'a\0b'])(
  'no object is %j',
  async (key) => {
    await writeFile(join(bucket, 'clip.mp4'), 'pictures');
    await writeFile(join(bucket, 'deep', 'clip.mp4'), 'pictures');
    await expect(identify(`oss://samples/${key}`)).rejects.toThrow(SourceNotFoundError);
  },
);

test('a link to another object is followed; one that leads out is no object', async () => {
  await writeFile(join(bucket, 'clip.mp4'), 'pictures');
  await symlink('clip.mp4', join(bucket, 'inside'));
  await symlink('../secret.mp4', join(bucket, 'outside'));
  await symlink('..', join(bucket, 'up'));
  await expect(identify('oss://samples/inside')).resolves.toMatchObject({ sizeBytes: 8 });
  for (const key of ['outside', 'up/secret.mp4', 'up/bucket'])
    await expect(identify(`oss://samples/${key}`)).rejects.toThrow(SourceNotFoundError);
});

test('a directory whose name begins like that of the bucket is outside', async () => {
  await mkdir(`${bucket}-private`);
  await writeFile(join(`${bucket}-private`, 'clip.mp4'), 'pictures');
  await symlink(`../bucket-private/clip.mp4`, join(bucket, 'clip.mp4'));
  await expect(identify('oss://samples/clip.mp4')).rejects.toThrow(SourceNotFoundError);
});

test('an object replaced meanwhile is told from the one that the task is about', async () => {
  const path = join(bucket, 'clip.mp4');
  await writeFile(path, 'pictures');
  const source = await identify('oss://samples/clip.mp4');
  const local = await sources.open(source, signal);
  await writeFile(join(directory, 'new'), 'PICTURES');
  await utimes(join(directory, 'new'), new Date(), new Date(Date.now() + 5000));
  await rename(join(directory, 'new'), path);
  await expect(local.assertUnchanged()).rejects.toThrow(SourceChangedError);
  await expect(sources.open(source, signal)).rejects.toThrow(SourceChangedError);
  await expect(sources.identify(source, signal)).rejects.toThrow(SourceChangedError);
  await rm(path);
  await expect(local.assertUnchanged()).rejects.toThrow(SourceNotFoundError);
});

test('files are read below the roots, also through a link there, and nowhere else', async () => {
  await writeFile(join(bucket, 'clip.mp4'), 'pictures');
  await symlink('clip.mp4', join(bucket, 'link'));
  await symlink('../secret.mp4', join(bucket, 'outside'));
  const source = await identify(fileUri(bucket, 'link'));
  expect(source.uri).toBe(fileUri(bucket, 'clip.mp4'));
  expect((await sources.open(source, signal)).path).toBe(join(bucket, 'clip.mp4'));
  for (const path of [join(bucket, 'outside'), join(directory, 'secret.mp4'), bucket])
    await expect(identify(fileUri(path))).rejects.toThrow(SourceNotFoundError);
});

test('a command may name any file, and the task keeps that right', async () => {
  const source = await identify(fileUri(directory, 'secret.mp4'), { anyFile: true });
  expect(source.anyFile).toBe(true);
  expect((await sources.open(source, signal)).path).toBe(join(directory, 'secret.mp4'));
});
