import * as http from 'node:http';
import * as https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { errorCode, errorMessage } from '../domain/error-code.js';
import type { Message } from './message.js';

/** What of an answer is read, to be shown to operators: a receiver cannot make us hold more. */
const MOST_ANSWER_BYTES = 512;

/** Where and with what a message goes out. */
export interface PostTarget {
  url: string;
  /** Keys of Standard Webhooks, `whsec_…`: a signature each. */
  secrets: readonly string[];
  timeoutMs: number;
}

/** What came of one attempt. */
export type PostOutcome =
  | { kind: 'delivered' }
  /** `isFinal`: the receiver wants none of this any more. `retryAfterMs`: it asked to be left alone that long; `null`: it did not say. */
  | { kind: 'refused'; error: string; isFinal: boolean; retryAfterMs: number | null };

/**
 * Sends a signed message once, by Standard Webhooks: every 2xx counts as delivered, 410 as final, all else may be tried again. Redirects are not followed.
 * Never rejects, and says nothing of the address, which may hold secrets.
 */
export async function post(
  { url, secrets, timeoutMs }: PostTarget,
  id: string,
  message: Message,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const sentAt = new Date();
  const body = Buffer.from(message.body);
  const headers = {
    'content-type': message.contentType,
    'content-length': body.byteLength,
    'user-agent': 'framewarden',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, message.body)).join(' '),
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return outcomeOf(await exchange(url, headers, body, AbortSignal.any([signal, timeout])));
  } catch (error) {
    const what = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : whatFailed(error);
    return { kind: 'refused', error: what, isFinal: false, retryAfterMs: null };
  }
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
  /** Its first bytes. */
  text: string;
}

function exchange(url: string, headers: http.OutgoingHttpHeaders, body: Buffer, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    // A connection of its own: one kept open may have been closed by the other side in the hours between two attempts.
    const sending = request(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      let read = Buffer.alloc(0);
      const tell = (): void => {
        resolve({
          status,
          retryAfter: answered['retry-after'],
          text: read.subarray(0, MOST_ANSWER_BYTES).toString(),
        });
      };
      const end = (): void => {
        tell();
        sending.destroy();
      };
      // Whatever it goes on to say, it has taken the message.
      if (isSuccess(status)) tell();
      response.on('data', (chunk: Buffer) => {
        read = Buffer.concat([read, chunk]);
        if (read.length >= MOST_ANSWER_BYTES) end();
      });
      response.on('end', end);
      // The status is the answer, whatever becomes of the rest.
      response.on('error', end);
      response.on('aborted', end);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

function outcomeOf({ status, retryAfter, text }: Answer): PostOutcome {
  if (isSuccess(status)) return { kind: 'delivered' };
  const shown = text.trim().replaceAll(/\s+/g, ' ').slice(0, 120);
  const error = `the receiver answered ${status}${shown === '' ? '' : `: ${shown}`}`;
  return { kind: 'refused', error, isFinal: status === 410, retryAfterMs: millisecondsOf(retryAfter) };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** `Retry-After` is a number of seconds or a date. */
function millisecondsOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Codes say what happened without saying where. */
function whatFailed(error: unknown): string {
  const code = errorCode(error);
  return code === undefined ? errorMessage(error) : `the connection failed: ${code}`;
}
