import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceConfig } from '../../src/schema/source-config.js';
import type { SourceIdentity } from '../../src/schema/source.js';
import { openSources, type Sources } from '../../src/sources/by-scheme.js';
import {
  SourceChangedError,
  SourceTooLargeError,
  SourceTooSlowError,
  SourceUnavailableError,
} from '../../src/sources/errors.js';
import { answerFile, serveContent, type ContentServer } from '../support/content-server.js';

const { signal } = new AbortController();
const MIB = 1024 ** 2;
const BODY = randomBytes(2 * MIB);
const ETAG = { etag: '"one"' };

let directory: string;
const servers: ContentServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-sources-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function serve(listener: RequestListener, options = {}): Promise<ContentServer> {
  const server = await serveContent(listener, options);
  servers.push(server);
  return server;
}

/** Sources that may dial 127.0.0.1, unless changed. */
function sourcesWith({ https = {}, limits = {} } = {}): Sources {
  const config = SourceConfig.parse({ https: { plainHttp: true, allow: ['127.0.0.1'], ...https }, limits });
  return openSources(() => config, join(directory, 'cache'));
}

const identify = (uri: string, sources = sourcesWith()) => sources.identify({ uri }, signal);

async function contentOf(source: SourceIdentity, sources = sourcesWith()): Promise<Buffer> {
  const local = await sources.open(source, signal);
  const bytes = await readFile(local.path);
  await local.release();
  return bytes;
}

const partsLeft = () => readdir(join(directory, 'cache', 'parts'));

test.each([
  [{ etag: '"a"', 'last-modified': 'Sat, 21 Nov 2026 00:00:00 GMT' }, 'etag:"a"'],
  [{ etag: 'W/"weak"' }, 'etag:W/"weak"'],
  [{ 'last-modified': 'Sat, 21 Nov 2026 00:00:00 GMT' }, 'modified:Sat, 21 Nov 2026 00:00:00 GMT'],
])('a content with the validators %j is known by %s and comes as it is', async (validators, version) => {
  const server = await serve((request, response) => {
    answerFile(request, response, BODY, { validators });
  });
  const source = await identify(`${server.origin}/clip.mp4?X-Signature=abc`);
  expect(source).toMatchObject({ sizeBytes: 2 * MIB, version });
  expect((await contentOf(source)).equals(BODY)).toBe(true);
  // The query is not asked for twice: what is fetched already is read without the server.
  await server.close();
  expect((await contentOf(source)).equals(BODY)).toBe(true);
});

/** The range of a request that goes on after a MiB was sent: what a connection had under way when it broke may be lost. */
function expectResumed(range: string | undefined): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]);
  expect(start).toBeGreaterThan(0);
  expect(start).toBeLessThanOrEqual(MIB);
}

test('a content without validators is fetched once, and known by its digest', async () => {
  let body = BODY;
  const server = await serve((request, response) => {
    answerFile(request, response, body, { ranges: false });
  });
  const source = await identify(`${server.origin}/clip.mp4`);
  expect(source.version).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect((await contentOf(source)).equals(BODY)).toBe(true);
  expect(server.ranges).toEqual(['bytes=0-0', '']);
  await rm(join(directory, 'cache'), { recursive: true });
  expect((await contentOf(source)).equals(BODY)).toBe(true);
  await rm(join(directory, 'cache'), { recursive: true });
  body = randomBytes(BODY.length);
  await expect(contentOf(source)).rejects.toThrow(SourceChangedError);
  expect(await partsLeft()).toEqual([]);
});

test('a content of unknown size is fetched once, however large it turns out to be within the limit', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, ETAG).write(BODY);
    response.end(BODY);
  });
  const source = await identify(`${server.origin}/live`, sourcesWith({ limits: { maxBytes: 4 * MIB } }));
  expect(source.sizeBytes).toBe(4 * MIB);
  expect((await contentOf(source)).equals(Buffer.concat([BODY, BODY]))).toBe(true);
});

test('an empty content is an empty file', async () => {
  const server = await serve((request, response) => {
    answerFile(request, response, Buffer.alloc(0));
  });
  expect(await contentOf(await identify(server.origin))).toHaveLength(0);
});

test('a transfer that breaks off is gone on with from where it broke', async () => {
  const server = await serve((request, response) => {
    // The rest may be more than a MiB, where some of what was sent never arrived: it is not cut again.
    const broken = request.headers.range === 'bytes=0-' ? { cutAfter: MIB } : {};
    answerFile(request, response, BODY, { validators: ETAG, ...broken });
  });
  expect((await contentOf(await identify(server.origin))).equals(BODY)).toBe(true);
  expect(server.ranges.slice(0, -1)).toEqual(['bytes=0-0', 'bytes=0-']);
  expectResumed(server.ranges.at(-1));
});

test('a server that answers with less than it is asked for is asked again', async () => {
  const server = await serve((request, response) => {
    answerFile(request, response, BODY, { validators: ETAG, partBytes: 800_000 });
  });
  expect((await contentOf(await identify(server.origin))).equals(BODY)).toBe(true);
  expect(server.ranges).toEqual(['bytes=0-0', 'bytes=0-', 'bytes=800000-', 'bytes=1600000-']);
});

test('where ranges are not known, what is there already is skipped', async () => {
  let cutAfter: number | undefined = MIB;
  const server = await serve((request, response) => {
    const { range } = request.headers;
    answerFile(request, response, BODY, {
      validators: ETAG,
      ranges: false,
      ...(range === 'bytes=0-' && cutAfter !== undefined ? { cutAfter } : {}),
    });
    if (range === 'bytes=0-') cutAfter = undefined;
  });
  expect((await contentOf(await identify(server.origin))).equals(BODY)).toBe(true);
  expectResumed(server.ranges.at(-1));
});

test('a content replaced between two parts of it is never put together', async () => {
  let version = '"one"';
  const server = await serve((request, response) => {
    answerFile(request, response, BODY, { validators: { etag: version }, cutAfter: MIB });
    if (request.headers.range === 'bytes=0-') version = '"two"';
  });
  await expect(contentOf(await identify(server.origin))).rejects.toThrow(SourceChangedError);
  expect(await partsLeft()).toEqual([]);
  expect(await readdir(join(directory, 'cache', 'contents'))).toEqual([]);
});

test('a redirect is followed', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/here') answerFile(request, response, BODY, { validators: ETAG });
    else response.writeHead(302, { location: '/here' }).end();
  });
  const source = await identify(`${server.origin}/there`);
  expect(source.uri).toBe(`${server.origin}/there`);
  expect((await contentOf(source)).equals(BODY)).toBe(true);
});

test('a content above the limit is refused by its size, an endless one once it is there', async () => {
  const large = await serve((request, response) => {
    answerFile(request, response, BODY, { validators: ETAG });
  });
  const sources = sourcesWith({ limits: { maxBytes: MIB } });
  await expect(identify(large.origin, sources)).rejects.toThrow('at most 1048576 bytes, it has 2097152');
  const endless = await serve((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(BODY));
    };
    response.on('drain', more);
    more();
  });
  await expect(identify(endless.origin, sources)).rejects.toThrow(SourceTooLargeError);
  expect(await partsLeft()).toEqual([]);
});

test('a content that comes too slowly is given up in the time given', async () => {
  const server = await serve((request, response) => {
    if (request.headers.range === 'bytes=0-0') {
      answerFile(request, response, BODY, { validators: ETAG });
      return;
    }
    response.writeHead(206, { ...ETAG, 'content-range': `bytes 0-${BODY.length - 1}/${BODY.length}` });
    const drip = setInterval(() => response.write('x'), 50);
    response.on('close', () => {
      clearInterval(drip);
    });
  });
  const sources = sourcesWith({ limits: { maxSeconds: 1 } });
  await expect(contentOf(await identify(server.origin, sources), sources)).rejects.toThrow(SourceTooSlowError);
  expect(await partsLeft()).toEqual([]);
});

test('a server that always breaks off before the first byte is unavailable in the end', async () => {
  const server = await serve((request, response) => {
    if (request.headers.range === 'bytes=0-0') answerFile(request, response, BODY, { validators: ETAG });
    else response.destroy();
  });
  await expect(contentOf(await identify(server.origin))).rejects.toThrow(SourceUnavailableError);
});
