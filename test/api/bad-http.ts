import fc from 'fast-check';
import { encode } from '../support/sign-request.js';
import { text } from './nonsense.js';

/** A request that is wrong in at least one way, and which. */
export interface Malformed {
  what: string;
  bytes: Buffer;
  /** Whether the client stops sending after it, so that what is missing never comes. */
  stops?: true;
}

const HOST = 'host: imm.example.test\r\n';
const CLOSE = `${HOST}connection: close\r\n`;

/** Methods, paths and encodings that nothing is found for; not signed. */
export const badTarget: fc.Arbitrary<Malformed> = fc
  .tuple(
    fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'M-SEARCH',
      'LOCK',
      'CONNECT',
      'BREW',
      'get',
    ),
    fc.oneof(
      fc.constantFrom(
        '/',
        '*',
        '//',
        '/x',
        '/%',
        '/%zz',
        '/%ff',
        '/?%',
        '/?a=%zz',
        '/?a=%ff',
        '/?&&&=',
        '/?=',
        '/?Action',
        '/%00',
        '/..',
      ),
      fc.constantFrom(
        'http://x/',
        'x:443',
        '/metrics/',
        '/healthz/..',
        '/?Signature=',
        '/?Action=a&Action=b&Signature=c',
        '/;',
        '/\\',
      ),
      fc.string({ maxLength: 30 }).map((path) => `/x${path.replaceAll(/[\r\n]/g, '')}`),
      fc
        .array(fc.tuple(text, text), { maxLength: 5 })
        .map(
          (pairs) => `/?${pairs.map(([a, b]) => `${encode(a.slice(0, 200))}=${encode(b.slice(0, 200))}`).join('&')}`,
        ),
      fc.uint8Array({ minLength: 1, maxLength: 30 }).map(
        (bytes) =>
          `/?x=${Buffer.from(bytes)
            .toString('latin1')
            .replaceAll(/[\s\0]/g, '%')}`,
      ),
    ),
    fc.constantFrom('', 'a=%zz', 'a=%ff', '{"json":', '\0', '&&&', '%', 'Signature=x&Signature=y'),
    fc.constantFrom(
      'application/x-www-form-urlencoded',
      'application/json',
      'multipart/form-data; boundary=',
      'x',
      ';;;',
      '\u00ff',
      '',
    ),
  )
  .map(([method, target, body, type]) => ({
    what: `${method} ${JSON.stringify(target)} with ${type} ${JSON.stringify(body)}`,
    bytes: Buffer.from(
      `${method} ${target} HTTP/1.1\r\n${CLOSE}content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`,
      'latin1',
    ),
  }));

/** What is no HTTP, or not all of it. */
export const badHttp: fc.Arbitrary<Malformed> = fc
  .oneof(
    fc.constantFrom(
      ...[
        'GET',
        'GET /',
        'GET / HTTP/1.1',
        `GET / HTTP/1.1\r\n${HOST}`,
        'GET / HTTP/9.9\r\n\r\n',
        'GET / HTTX/1.1\r\n\r\n',
        'GET /\r\n\r\n',
        'x\n\n',
      ],
      ...[
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
        '\0\0\0\0',
        '<xml/>',
        '{"a":1}',
        'POST / HTTP/1.1\r\n\r\n',
      ],
      ...['-1', 'x', '1, 2', '99999999999999999999', '1e3', '0x1', ' '].map(
        (length) => `POST / HTTP/1.1\r\n${CLOSE}content-length: ${length}\r\n\r\nx`,
      ),
      ...[
        'content-length: 1\r\ncontent-length: 2',
        'content-length: 1\r\ntransfer-encoding: chunked',
        'transfer-encoding: gzip',
        'transfer-encoding: chunked, x',
      ].map((line) => `POST / HTTP/1.1\r\n${CLOSE}${line}\r\n\r\n0\r\n\r\n`),
      ...['zz\r\n', '-1\r\n', 'ffffffffffffffffff\r\n', '5\r\nabc', '5', '', '1\r\nxy\r\n', '0'].map(
        (chunk) => `POST / HTTP/1.1\r\n${CLOSE}transfer-encoding: chunked\r\n\r\n${chunk}`,
      ),
      ...['no colon', ' : x', 'a b: c', 'a\0: b', 'a: b\0', ': x', '\x7f: 1', 'a: \x01'].map(
        (line) => `GET / HTTP/1.1\r\n${CLOSE}${line}\r\n\r\n`,
      ),
      ...[
        'expect: x',
        'expect: 100-continue',
        'upgrade: websocket\r\nconnection: upgrade',
        'x-forwarded-for: garbage, 1',
        'x-forwarded-proto: \t',
        'content-encoding: gzip',
      ].map((line) => `POST / HTTP/1.1\r\n${HOST}${line}\r\ncontent-length: 0\r\n\r\n`),
    ),
    fc
      .integer({ min: 65_536, max: 200_000 })
      .chain((length) =>
        fc.constantFrom(
          `GET /?${'x'.repeat(length)} HTTP/1.1\r\n${CLOSE}\r\n`,
          `GET / HTTP/1.1\r\n${CLOSE}x: ${'x'.repeat(length)}\r\n\r\n`,
          `GET / HTTP/1.1\r\n${CLOSE}${'x: y\r\n'.repeat(length / 4)}\r\n`,
        ),
      ),
    fc
      .integer({ min: 128 * 1024 + 1, max: 400_000 })
      .chain((length) =>
        fc.constantFrom(
          `POST / HTTP/1.1\r\n${CLOSE}content-length: ${length}\r\n\r\n${'x'.repeat(length)}`,
          `POST / HTTP/1.1\r\n${CLOSE}transfer-encoding: chunked\r\n\r\n${length.toString(16)}\r\n${'x'.repeat(length)}\r\n0\r\n\r\n`,
          `POST / HTTP/1.1\r\n${CLOSE}content-length: ${length}0000000\r\n\r\nx`,
        ),
      ),
    fc
      .tuple(fc.nat({ max: 2000 }), fc.integer({ min: 1, max: 5000 }))
      .map(
        ([sent, missing]) => `POST / HTTP/1.1\r\n${CLOSE}content-length: ${sent + missing}\r\n\r\n${'x'.repeat(sent)}`,
      ),
    fc.uint8Array({ minLength: 3, maxLength: 300 }).map((bytes) => `x${Buffer.from(bytes).toString('latin1')}`),
  )
  .map((request) => ({
    what: `bytes ${JSON.stringify(request.slice(0, 120))}`,
    bytes: Buffer.from(request, 'latin1'),
    stops: true,
  }));
