import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, build } from '../support/build.js';
import { CERTIFICATE } from '../support/certificate.js';
import { answerFile, serveContent, type ContentServer } from '../support/content-server.js';

const MIB = 1024 ** 2;
const BODY = randomBytes(3 * MIB);
const DIGEST = createHash('sha256').update(BODY).digest('hex');
const validators = { etag: '"one"' };

let directory: string;
let server: ContentServer;
beforeAll(build);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-sources-'));
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function serve(listener: RequestListener, options = {}): Promise<void> {
  server = await serveContent(listener, options);
}

/** A process that fetches what the server has; `result`: what it printed. */
function startFetch(environment = {}) {
  const config = JSON.stringify({ https: { plainHttp: true, allow: ['127.0.0.1', 'localhost'] } });
  const script = join(ROOT, 'test', 'support', 'fetch-source.mjs');
  const child = spawn(process.execPath, [script, config, join(directory, 'cache'), `${server.origin}/clip.mp4`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  return { child, result: once(child, 'close').then(() => printed.trim()) };
}

test('several processes fetch a source once; when the one at it is killed, another goes on where it was', async () => {
  let reached: () => void = () => undefined;
  const halfway = new Promise<void>((resolve) => (reached = resolve));
  await serve((request, response) => {
    if (request.headers.range !== 'bytes=0-') {
      answerFile(request, response, BODY, { validators });
      return;
    }
    // The first one gets a third, and then nothing for as long as it lives.
    response.writeHead(206, { ...validators, 'content-range': `bytes 0-${BODY.length - 1}/${BODY.length}` });
    response.write(BODY.subarray(0, MIB));
    reached();
  });
  const first = startFetch();
  await halfway;
  const others = [startFetch(), startFetch()];
  const parts = join(directory, 'cache', 'parts');
  // All have asked which content it is, so whoever will fetch waits for the first one by now.
  while (server.ranges.filter((range) => range === 'bytes=0-0').length < 3) await pause();
  expect(await readdir(parts)).toHaveLength(1);
  first.child.kill('SIGKILL');
  expect(await Promise.all(others.map(({ result }) => result))).toEqual([DIGEST, DIGEST]);
  const [wentOn = '', ...more] = server.ranges.filter((range) => !['bytes=0-0', 'bytes=0-'].includes(range));
  expect(Number(/bytes=(\d+)-/.exec(wentOn)?.[1])).toBeGreaterThan(0);
  expect(more).toEqual([]);
  expect(server.ranges.filter((range) => range === 'bytes=0-')).toHaveLength(1);
});

test('https is read where the certificate is vouched for', async () => {
  await serve(
    (request, response) => {
      answerFile(request, response, BODY, { validators });
    },
    { tls: true },
  );
  const authorities = join(directory, 'ca.pem');
  await writeFile(authorities, CERTIFICATE);
  expect(await startFetch({ NODE_EXTRA_CA_CERTS: authorities }).result).toBe(DIGEST);
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
