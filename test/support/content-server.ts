import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CERTIFICATE, CERTIFICATE_KEY } from './certificate.js';

/** A web server on a free port of 127.0.0.1 that tells what it was asked for. */
export interface ContentServer {
  /** `http://127.0.0.1:port`. */
  origin: string;
  port: number;
  /** `Range` headers in their order; empty where there was none. */
  ranges: string[];
  close(): Promise<void>;
}

/** Serves whatever the listener answers; `tls`: by a certificate for localhost that nobody vouches for. */
export async function serveContent(listener: RequestListener, { tls = false } = {}): Promise<ContentServer> {
  const ranges: string[] = [];
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    ranges.push(request.headers.range ?? '');
    listener(request, response);
  };
  const server = tls
    ? createTlsServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, onRequest)
    : createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    port,
    ranges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** How {@link answerFile} treats what it is asked for. */
export interface FileAnswer {
  /** `ETag` and `Last-Modified`, where the server knows them. */
  validators?: Readonly<Record<string, string>>;
  /** Whether it knows ranges; default true. */
  ranges?: boolean;
  /** Most bytes of an answer to a range; default all. */
  partBytes?: number;
  /** Bytes of an answer after which the connection is cut; default none. */
  cutAfter?: number;
}

/** Answers with a file as web servers do: ranges, `If-Range`, validators. */
export function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { validators = {}, ranges = true, partBytes = Infinity, cutAfter }: FileAnswer = {},
): void {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const ifRange = request.headers['if-range'];
  const isCurrent = ifRange === undefined || Object.values(validators).includes(String(ifRange));
  const from = ranges && asked !== null && isCurrent ? Number(asked[1]) : null;
  if (from !== null && from >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const last = from === null || asked?.[2] === '' ? body.length - 1 : Number(asked?.[2]);
  const to = from === null ? last : Math.min(last, from + partBytes - 1);
  const bytes = body.subarray(from ?? 0, to + 1);
  response.writeHead(from === null ? 200 : 206, {
    ...validators,
    ...(from === null ? {} : { 'content-range': `bytes ${from}-${to}/${body.length}` }),
    'content-length': bytes.length,
  });
  if (cutAfter === undefined || bytes.length <= cutAfter) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
}
