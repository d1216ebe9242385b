import { connect } from 'node:net';
import type { SignableRequest } from '../support/sign-request.js';
import { encode } from '../support/sign-request.js';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** A request as bytes, headers and parameters encoded as clients do. */
export function bytesOf({ method, path, query, headers, body }: SignableRequest): Buffer {
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const lines = [...headers].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`));
  const head = [`${method} ${path}${search === '' ? '' : `?${search}`} HTTP/1.1`, ...lines];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
}

/** Sends bytes over a connection of their own and answers what came back, or why nothing did; `stops` ends the sending side after them. */
export function sendBytes(
  endpoint: string,
  bytes: Buffer,
  stops = false,
  waitMs = 20_000,
): Promise<RawAnswer | string> {
  const [host = '', port] = endpoint.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => {
      finish(`no answer within ${waitMs} ms`);
    }, waitMs);
    const finish = (outcome: RawAnswer | string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    // A server that has refused already may close before everything is sent.
    let failure = '';
    socket.on('error', (error) => (failure = error.message));
    socket.on('close', () => {
      finish(`closed without a whole answer ${failure}: ${received.toString('latin1').slice(0, 200)}`);
    });
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = parse(received);
      if (answer !== null) finish(answer);
    });
    socket.write(bytes);
    // A whole request keeps its connection open, as clients do: a server that hears its end takes it for gone.
    if (stops) socket.end();
  });
}

function parse(received: Buffer): RawAnswer | null {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const body = received.subarray(end + 4);
  // `100 Continue` comes before the answer.
  if (statusLine.includes(' 100 ')) return parse(body);
  if (body.length < Number(headers.get('content-length'))) return null;
  return { status: Number(statusLine.split(' ')[1]), headers, body: body.toString() };
}
