import { Agent, request } from 'node:http';
import type { Reviewer } from './place.js';

/** Asks as a reviewer's browser does, over connections that stay open. */
export interface Caller {
  ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
  close(): void;
}

export function callerOf(endpoint: string, { cookie, csrfToken }: Reviewer): Caller {
  const agent = new Agent({ keepAlive: true });
  const [host, port] = endpoint.split(':');
  const ask = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const headers = { cookie, 'x-csrf-token': csrfToken, 'content-type': 'application/json' };
      const sent = request({ agent, host, port, path: `/review/api${path}`, method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`Expected ${path} to be answered, got ${String(answer.statusCode)}: ${text}`));
        });
      });
      sent.on('error', reject).end(body === undefined ? '' : JSON.stringify(body));
    });
  return {
    ask,
    close: () => {
      agent.destroy();
    },
  };
}

/** Milliseconds that something takes. */
export async function timed(ask: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await ask();
  return performance.now() - begun;
}
