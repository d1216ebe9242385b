import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SourceConfig, type S3Config } from '../../src/schema/source-config.js';
import { openSources, type Sources } from '../../src/sources/by-scheme.js';
import {
  SourceAccessDeniedError,
  SourceChangedError,
  SourceNotFoundError,
  SourceRefusedError,
  SourceTooLargeError,
  SourceUnavailableError,
} from '../../src/sources/errors.js';
import { freePort } from '../../src/temporal/free-port.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';

const { signal } = new AbortController();
const MIB = 1024 ** 2;

let server: S3Server;
let directory: string;
const opened: Sources[] = [];

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('uploads');
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-sources-'));
});
afterEach(async () => {
  for (const sources of opened.splice(0)) sources.close();
  await rm(directory, { recursive: true, force: true });
});

/** Sources that find every bucket at the server, or as changed. */
function sourcesAt(s3: Partial<S3Config> = {}, limits = {}): Sources {
  const config = SourceConfig.parse({ buckets: [{ match: '*', s3: { ...server.config, ...s3 } }], limits });
  const sources = openSources(() => config, join(directory, 'cache'));
  opened.push(sources);
  return sources;
}

async function fetched(sources: Sources, uri: string): Promise<Buffer> {
  const local = await sources.open(await sources.identify({ uri }, signal), signal);
  const bytes = await readFile(local.path);
  await local.assertUnchanged();
  await local.release();
  return bytes;
}

test('an object comes as it is, under both names of the scheme', async () => {
  const body = randomBytes(3 * MIB);
  await server.put('uploads', 'clip.mp4', body);
  const sources = sourcesAt();
  for (const scheme of ['oss', 's3']) {
    expect(await sources.identify({ uri: `${scheme}://uploads/clip.mp4` }, signal)).toMatchObject({
      uri: `${scheme}://uploads/clip.mp4`,
      sizeBytes: 3 * MIB,
      version: expect.stringMatching(/^etag:"[0-9a-f]{32}"$/),
    });
    expect((await fetched(sources, `${scheme}://uploads/clip.mp4`)).equals(body)).toBe(true);
  }
});

test.each([
  'a b?c#d%20e&f=g+h.mp4',
  "Ünï 日本 (1)~*'!.mp4",
  'deep/er/é.mp4',
  '100%',
  'a\\b',
  'q?versionId=1',
  '😀.mp4',
])('the key %s is sent as it is', async (key) => {
  await server.put('uploads', key, `the content of ${key}`);
  expect((await fetched(sourcesAt(), `oss://uploads/${key}`)).toString()).toBe(`the content of ${key}`);
});

test('any key that the store takes is read back by its own name', async () => {
  const sources = sourcesAt();
  // What a directory cannot tell apart the store itself refuses or takes for another key.
  const part = fc
    .string({
      unit: fc.constantFrom(...Array.from('ab 0?#%&+=~*\'"()[]{}<>|^`$@,;:!.-_/é日')),
      minLength: 1,
      maxLength: 20,
    })
    .filter((key) => key.split('/').every((name) => !/^\.*$/.test(name)));
  await fc.assert(
    fc.asyncProperty(part, async (key) => {
      await server.put('uploads', `any/${key}x`, key);
      expect((await fetched(sources, `s3://uploads/any/${key}x`)).toString()).toBe(key);
    }),
    { numRuns: 25 },
  );
});

test('an empty object is an empty file', async () => {
  await server.put('uploads', 'empty', '');
  expect(await fetched(sourcesAt(), 'oss://uploads/empty')).toHaveLength(0);
});

test('what is not there is not found: object, bucket', async () => {
  for (const uri of ['oss://uploads/missing', 'oss://nowhere/there'])
    await expect(sourcesAt().identify({ uri }, signal)).rejects.toThrow(SourceNotFoundError);
});

test('wrong credentials are an access denied', async () => {
  const sources = sourcesAt({ credentials: { accessKeyId: 'tests', secretAccessKey: 'wrong' } });
  await expect(sources.identify({ uri: 'oss://uploads/clip.mp4' }, signal)).rejects.toThrow(SourceAccessDeniedError);
});

test('an object replaced meanwhile is told from the one that the task is about, one removed is not found', async () => {
  const sources = sourcesAt();
  await server.put('uploads', 'changing', 'before');
  const source = await sources.identify({ uri: 'oss://uploads/changing' }, signal);
  await server.put('uploads', 'changing', 'behind');
  await expect(sources.open(source, signal)).rejects.toThrow(SourceChangedError);
  await expect(sources.identify(source, signal)).rejects.toThrow(SourceChangedError);
  const gone = { ...source, uri: 'oss://uploads/gone' };
  await expect(sources.open(gone, signal)).rejects.toThrow(SourceNotFoundError);
  expect(await readdir(join(directory, 'cache', 'parts'))).toEqual([]);
});

test('what is fetched already is read without the store', async () => {
  const sources = sourcesAt();
  await server.put('uploads', 'kept', 'content');
  const source = await sources.identify({ uri: 'oss://uploads/kept' }, signal);
  await (await sources.open(source, signal)).release();
  await server.stop();
  try {
    const local = await sources.open(source, signal);
    expect(await readFile(local.path, 'utf8')).toBe('content');
    await expect(sources.identify({ uri: 'oss://uploads/kept' }, signal)).rejects.toThrow(SourceUnavailableError);
  } finally {
    await server.restart();
  }
});

test('an object above the limit is refused before a byte is fetched', async () => {
  await server.put('uploads', 'large', randomBytes(2000));
  const identifying = sourcesAt({}, { maxBytes: 1999 }).identify({ uri: 'oss://uploads/large' }, signal);
  await expect(identifying).rejects.toThrow(SourceTooLargeError);
  await expect(identifying).rejects.toThrow('at most 1999 bytes, it has 2000');
});

test('a bucket is asked for in the host name or in the path, as configured, and its key in the path as it is', async () => {
  const virtual = sourcesAt({ endpoint: 'http://store.invalid', addressing: 'virtual' });
  await expect(virtual.identify({ uri: 'oss://uploads/a' }, signal)).rejects.toMatchObject({
    cause: { code: 'ENOTFOUND', hostname: 'uploads.store.invalid' },
  });
  const asked: string[] = [];
  const listening = createServer((socket) => {
    socket.once('data', (data: Buffer) => {
      asked.push(data.toString('latin1').split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 301 Moved\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
  });
  const inPath = sourcesAt({ endpoint: `http://127.0.0.1:${await listen(listening)}` });
  for (const key of ['/a//b/', '../c?d#e f', '%2e%2e/g+'])
    await expect(inPath.identify({ uri: `oss://uploads/${key}` }, signal)).rejects.toThrow(SourceRefusedError);
  expect(asked).toEqual([
    'HEAD /uploads//a//b/ HTTP/1.1',
    'HEAD /uploads/../c%3Fd%23e%20f HTTP/1.1',
    'HEAD /uploads/%252e%252e/g%2B HTTP/1.1',
  ]);
  listening.close();
});

test('a transfer that breaks off again and again is gone on with from where it broke', async () => {
  const body = randomBytes(4 * MIB);
  await server.put('uploads', 'broken', body);
  const proxy = await breakingProxy(server, MIB);
  const sources = sourcesAt({ endpoint: `http://127.0.0.1:${proxy.port}` });
  expect((await fetched(sources, 'oss://uploads/broken')).equals(body)).toBe(true);
  const begins = proxy.ranges.map((range) => Number(/bytes=(\d+)-/.exec(range)?.[1]));
  expect(begins.length).toBeGreaterThanOrEqual(4);
  expect(begins).toEqual([...begins].sort((a, b) => a - b));
  expect(new Set(begins).size).toBe(begins.length);
  await proxy.close();
});

test('a store that cannot be reached is unavailable, which trying again may mend', async () => {
  const sources = sourcesAt({ endpoint: `http://127.0.0.1:${await freePort(null)}` });
  const identifying = sources.identify({ uri: 'oss://uploads/a' }, signal);
  await expect(identifying).rejects.toThrow(SourceUnavailableError);
  await expect(identifying).rejects.toThrow('ECONNREFUSED');
});

test('a wait is ended by its signal', async () => {
  const silent = createServer((socket) => socket.resume());
  const port = await listen(silent);
  const stop = new AbortController();
  const identifying = sourcesAt({ endpoint: `http://127.0.0.1:${port}` }).identify({ uri: 'oss://b/a' }, stop.signal);
  silent.once('connection', () => {
    stop.abort(new Error('enough'));
  });
  await expect(identifying).rejects.toThrow('enough');
  silent.close();
});

async function listen(listening: Server): Promise<number> {
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

/** Passes everything on to the server, and cuts each connection after this many bytes of an answer. */
async function breakingProxy({ config }: S3Server, cutAfterBytes: number) {
  const ranges: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((inward) => {
    const outward = connect(Number(new URL(config.endpoint).port), '127.0.0.1');
    let passed = 0;
    for (const socket of [inward, outward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    inward.on('data', (data: Buffer) => {
      // The port is signed, so the server is given what was asked of the proxy.
      const range = /^range: (.*)$/im.exec(data.toString('latin1'))?.[1];
      if (range !== undefined) ranges.push(range.trim());
      outward.write(data);
    });
    outward.on('data', (data: Buffer) => {
      passed += data.length;
      inward.write(data);
      if (passed <= cutAfterBytes) return;
      inward.end();
      outward.destroy();
    });
    inward.on('close', () => outward.destroy());
    outward.on('close', () => inward.end());
  });
  const port = await listen(proxy);
  return {
    port,
    ranges,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
