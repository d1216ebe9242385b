import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { writableObject, writeObject } from '../../src/notify/write-object.js';
import { SourceConfig } from '../../src/schema/source-config.js';
import { startS3Server } from '../support/s3-server.js';

const MESSAGE = { contentType: 'application/json', body: '{"text":"ä"}' };
const never = new AbortController().signal;

let root: string;
let config: SourceConfig;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'framewarden-objects-'));
  await Promise.all([mkdir(join(root, 'bucket')), mkdir(join(root, 'outside'))]);
  config = SourceConfig.parse({
    buckets: [
      { match: 'results', directory: join(root, 'bucket'), writable: true },
      { match: 'results', role: 'other', directory: join(root, 'outside') },
      { match: 'videos', directory: join(root, 'bucket') },
    ],
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (uri: string, message = MESSAGE) => writeObject({ kind: 'object', uri }, message, config, never);

test('an object of a directory is a file, whole or not at all, and replaces an earlier one', async () => {
  await write('oss://results/a b/c?d#%20.json');
  await write('s3://results/a b/c?d#%20.json', { ...MESSAGE, body: 'new' });
  const folder = join(root, 'bucket', 'a b');
  expect(await readdir(folder)).toEqual(['c?d#%20.json']);
  expect(await readFile(join(folder, 'c?d#%20.json'), 'utf8')).toBe('new');
});

test.each([
  'oss://results/../a',
  'oss://results//a',
  'oss://results/a/',
  'oss://results/a/./b',
  'oss://videos/a',
  'oss://none/a',
  'https://results/a',
  'a',
])('%s is refused, before anything is written', (uri) => {
  expect(() => writableObject({ kind: 'object', uri }, config)).toThrow(/is refused: /);
});

test('the credentials of a task may be for reading only', () => {
  expect(() => writableObject({ kind: 'object', uri: 'oss://results/a', role: 'other' }, config)).toThrow('writable');
});

test('nothing is written, nor made, where a link leads out of the bucket', async () => {
  await symlink(join(root, 'outside'), join(root, 'bucket', 'link'));
  await expect(write('oss://results/link/new/a.json')).rejects.toMatchObject({ name: 'SourceRefusedError' });
  await writeFile(join(root, 'outside', 'kept'), 'kept');
  await symlink(join(root, 'outside', 'kept'), join(root, 'bucket', 'file'));
  await write('oss://results/file');
  expect(await readFile(join(root, 'outside', 'kept'), 'utf8')).toBe('kept');
  expect(await readdir(join(root, 'outside'))).toEqual(['kept']);
});

test('an object of a store is put there', async () => {
  const server = await startS3Server();
  try {
    await server.createBucket('results');
    config = SourceConfig.parse({ buckets: [{ match: 'results', s3: server.config, writable: true }] });
    await write('oss://results/a b/c?d#%20.json');
    const got = await server.client.send(new GetObjectCommand({ Bucket: 'results', Key: 'a b/c?d#%20.json' }));
    expect([await got.Body?.transformToString(), got.ContentType]).toEqual([MESSAGE.body, 'application/json']);
  } finally {
    await server.close();
  }
});
