import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../domain/error-code.js';
import { type ImmError, incompleteRequest, tooLarge, unreadable, unsupportedHttpMethod } from '../domain/imm-error.js';
import { errorBody } from './imm/error-body.js';

/** How long what a refused client still sends is taken, in milliseconds: closing at once would take the answer from it. */
const LINGER_MS = 1000;
/** A parser that failed fails again on every further piece. */
const answered = new WeakSet<Duplex>();

/** Answers what could not be read as HTTP at all, and closes its connection. `error` is what Node's parser says. */
export function refuseUnreadable(error: Error, socket: Duplex): void {
  refuse(socket, refusalOf(errorCode(error)));
}

/** Answers CONNECT, which Node hands over as a bare connection. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuse(socket, unsupportedHttpMethod('CONNECT'));
}

/** Answers `Expect:` with anything but `100-continue`. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = answerFor(unreadable('with this Expect header'));
  response.writeHead(status, headers).end(body);
}

function refusalOf(code: string | undefined): ImmError {
  if (code === 'HPE_HEADER_OVERFLOW') return tooLarge('Expected shorter headers, or parameters in the body.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' || code === 'HPE_INVALID_EOF_STATE') return incompleteRequest();
  return unreadable('as HTTP/1.1');
}

function refuse(socket: Duplex, error: ImmError): void {
  if (answered.has(socket)) return;
  answered.add(socket);
  // Where an answer is under way already a second one would be taken for a part of it.
  const { _httpMessage: underWay } = socket as { _httpMessage?: { headersSent: boolean } | null };
  if (!socket.writable || underWay?.headersSent === true) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = answerFor(error);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`);
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function answerFor(error: ImmError): { status: number; headers: Record<string, string | number>; body: string } {
  const requestId = randomUUID().toUpperCase();
  const body = JSON.stringify(errorBody(error, requestId, undefined));
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-acs-request-id': requestId,
      connection: 'close',
    },
    body,
  };
}
