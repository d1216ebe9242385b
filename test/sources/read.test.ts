import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { SourceConfig } from '../../src/schema/source-config.js';
import type { SourceIdentity } from '../../src/schema/source.js';
import { openSources, type Sources } from '../../src/sources/by-scheme.js';
import { SourceChangedError, SourceNotFoundError } from '../../src/sources/errors.js';
import { answerFile, serveContent } from '../support/content-server.js';
import { startS3Server } from '../support/s3-server.js';

const { signal } = new AbortController();
const BODY = randomBytes(300_000);
const PART = { from: 1000, to: 120_999 };

let directory: string;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-sources-'));
  writeFileSync(join(directory, 'clip.mp4'), BODY);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(directory, { recursive: true, force: true });
});

function sourcesWith(config: Record<string, unknown>): Sources {
  const parsed = SourceConfig.parse(config);
  const sources = openSources(() => parsed, join(directory, 'cache'));
  closing.push(() => {
    sources.close();
  });
  return sources;
}

async function partOf(sources: Sources, source: SourceIdentity): Promise<Buffer> {
  return buffer(await sources.read(source, PART, signal));
}

const expected = BODY.subarray(PART.from, PART.to + 1);

test.each(['file', 'directory'])(
  'a part of a %s comes as it lies there, and not once it is another content',
  async (kind) => {
    const path = join(directory, 'clip.mp4');
    const [uri, config] =
      kind === 'file'
        ? [pathToFileURL(path).href, { fileRoots: [directory] }]
        : ['oss://uploads/clip.mp4', { buckets: [{ match: 'uploads', directory }] }];
    const sources = sourcesWith(config);
    const source = await sources.identify({ uri }, signal);
    expect((await partOf(sources, source)).equals(expected)).toBe(true);
    const later = new Date(Date.now() + 5000);
    utimesSync(path, later, later);
    await expect(sources.read(source, PART, signal)).rejects.toBeInstanceOf(SourceChangedError);
    await rm(path);
    await expect(sources.read(source, PART, signal)).rejects.toBeInstanceOf(SourceNotFoundError);
  },
);

test('of an object of a store only the part is fetched, and not once it is another content', async () => {
  const server = await startS3Server();
  closing.push(() => server.close());
  await server.createBucket('uploads');
  await server.put('uploads', 'clip.mp4', BODY);
  const sources = sourcesWith({ buckets: [{ match: 'uploads', s3: server.config }] });
  const source = await sources.identify({ uri: 's3://uploads/clip.mp4' }, signal);
  expect((await partOf(sources, source)).equals(expected)).toBe(true);
  expect(existsSync(join(directory, 'cache', 'contents'))).toBe(false);
  await server.put('uploads', 'clip.mp4', randomBytes(300_000));
  await expect(sources.read(source, PART, signal)).rejects.toBeInstanceOf(SourceChangedError);
});

test('what lies at an address is fetched once for all parts, and let go of after each', async () => {
  const server = await serveContent((request, response) => {
    answerFile(request, response, BODY, { validators: { etag: '"one"' } });
  });
  closing.push(() => server.close());
  const sources = sourcesWith({ https: { plainHttp: true, allow: ['127.0.0.1'] } });
  const source = await sources.identify({ uri: `${server.origin}/clip.mp4` }, signal);
  const asked = server.ranges.length;
  for (let n = 0; n < 2; n++) expect((await partOf(sources, source)).equals(expected)).toBe(true);
  expect(server.ranges.length).toBe(asked + 1);
  for (let tries = 0; readdirSync(join(directory, 'cache', 'uses')).length > 0 && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(readdirSync(join(directory, 'cache', 'uses'))).toEqual([]);
});
