import type { IncomingMessage, RequestListener } from 'node:http';
import { SourceConfig } from '../../src/schema/source-config.js';
import {
  SourceAccessDeniedError,
  SourceNotFoundError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../../src/sources/errors.js';
import { guardedGet } from '../../src/sources/guarded-get.js';
import { answerFile, serveContent, type ContentServer } from '../support/content-server.js';

const servers: ContentServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(listener: RequestListener, options = {}): Promise<ContentServer> {
  const server = await serveContent(listener, options);
  servers.push(server);
  return server;
}

/** Asks by the defaults, except that 127.0.0.1 may be dialled, or by other terms. */
async function get(address: string, terms = {}): Promise<IncomingMessage> {
  const { https } = SourceConfig.parse({ https: { plainHttp: true, allow: ['127.0.0.1'], ...terms } });
  return guardedGet({ url: new URL(address), headers: {}, signal: new AbortController().signal }, https);
}

test.each([
  ['http://127.0.0.2:80/', 'no public address'],
  ['http://169.254.169.254/latest/meta-data/', 'leads to 169.254.169.254'],
  ['http://[::ffff:a9fe:a9fe]/', 'no public address'],
  ['file:///etc/passwd', 'redirects to a file: address'],
  ['ftp://127.0.0.1/', 'redirects to a ftp: address'],
  ['http://user:word@127.0.0.1/', 'with user name and password'],
  ['http://[', 'redirects to nowhere'],
  ['', 'redirects to nowhere'],
  ['/again', 'redirects more than 5 times'],
])('a redirect to %s is refused', async (location, reason) => {
  const server = await serve((_, response) => {
    response.writeHead(307, { location }).end();
  });
  const getting = get(server.origin);
  await expect(getting).rejects.toThrow(SourceRefusedError);
  await expect(getting).rejects.toThrow(reason);
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]', 'localhost', '0'])(
  'this machine is not dialled as %s',
  async (host) => {
    const server = await serve((request, response) => {
      answerFile(request, response, Buffer.from('content'));
    });
    const getting = get(`http://${host}:${server.port}/`, { allow: [] });
    await expect(getting).rejects.toThrow(SourceRefusedError);
    await expect(getting).rejects.toThrow('no public address');
    expect(server.ranges).toEqual([]);
  },
);

test.each([
  [404, SourceNotFoundError],
  [410, SourceNotFoundError],
  [401, SourceAccessDeniedError],
  [403, SourceAccessDeniedError],
  [400, SourceRefusedError],
  [429, SourceUnavailableError],
  [500, SourceUnavailableError],
  [503, SourceUnavailableError],
])('status %i is a %p', async (status, expected) => {
  const server = await serve((_, response) => {
    response.writeHead(status).end('<html>');
  });
  await expect(get(server.origin)).rejects.toThrow(expected);
});

test('a content that comes compressed is refused, not unpacked', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('content');
  });
  await expect(get(server.origin)).rejects.toThrow('it came as gzip');
});

test('a name that nobody knows is not found, a closed port unavailable', async () => {
  const server = await serve(() => undefined);
  await server.close();
  await expect(get(server.origin)).rejects.toThrow(SourceUnavailableError);
  await expect(get('http://nobody.invalid/')).rejects.toThrow(/to be known|EAI_AGAIN/);
});

test('a server whose certificate nobody vouches for is refused', async () => {
  const server = await serve(() => undefined, { tls: true });
  await expect(get(server.origin, { allow: ['localhost'] })).rejects.toThrow(
    'certificate of its server is not to be trusted',
  );
});

test('where http is not read, a redirect does not lead there', async () => {
  const server = await serve((_, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1/' }).end();
  });
  await expect(get(server.origin, { plainHttp: false })).rejects.toThrow('redirects to a http: address');
});

test('a host that no name server knows is told as that, and not as a matter of paths', async () => {
  // A label may have 63 signs: no name server is asked for a longer one.
  const host = `${'a'.repeat(64)}.invalid`;
  const refusal = await get(`http://${host}/video.mp4?signature=secret`).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SourceNotFoundError);
  const { message } = refusal as Error;
  expect(message).toContain(`the name ${host} was not found`);
  expect(message).not.toMatch(/secret|permissions/);
});
