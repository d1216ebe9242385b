import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askedRange } from '../../domain/byte-range.js';

/** Untrusted bytes to be shown: pictures, clips and videos. */
export interface Content {
  /** As it was recorded; never what the bytes claim to be. */
  contentType: string;
  sizeBytes: number;
  /** SHA-256 of all of it, hexadecimal. */
  digest: string;
  /** File name for somebody who saves it. */
  name: string;
  /** Bytes from one to another, both included. The signal is aborted when nobody listens any more. */
  read: (range: { from: number; to: number }, signal: AbortSignal) => Promise<Readable | Uint8Array>;
}

/** Answers a content, or the part that the `Range` header asks for, so that no browser takes it for anything that runs. */
export async function answerBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  { contentType, sizeBytes, digest, name, read }: Content,
): Promise<FastifyReply> {
  const etag = `"${digest}"`;
  const { range, 'if-range': ifRange, 'if-none-match': known } = request.headers;
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-security-policy': "sandbox; default-src 'none'",
    'content-disposition': `inline; filename="${name.replace(/[^\w.-]/g, '_')}"`,
  };
  if (known?.split(',').some((each) => each.trim() === etag) === true) return reply.status(304).headers(headers).send();
  const asked = ifRange === undefined || ifRange === etag ? askedRange(range, sizeBytes) : 'all';
  if (asked === 'none') return reply.status(416).header('content-range', `bytes */${sizeBytes}`).send();
  const { from, to } = asked === 'all' ? { from: 0, to: sizeBytes - 1 } : asked;
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  // First the bytes: an error must not be answered as a video.
  const body = await read({ from, to }, gone.signal);
  reply.headers({ ...headers, 'content-type': contentType, 'content-length': String(to - from + 1) });
  if (asked !== 'all') reply.status(206).header('content-range', `bytes ${from}-${to}/${sizeBytes}`);
  return reply.send(body);
}
