import { Agent, request } from 'node:http';
import type { AccessKey } from '../../src/store/access-keys.js';
import { signed } from './signed.js';

/** What a load came to: milliseconds of every call, and calls a second. */
export interface Load {
  latencies: number[];
  rate: number;
}

/** So many callers, each of which calls again as soon as it is answered, for so long. Rejects when a call does. */
export async function load(callers: number, forMs: number, call: () => Promise<void>): Promise<Load> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const begun = performance.now();
      await call();
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { latencies, rate: (latencies.length * 1000) / (performance.now() - startedAt) };
}

/** Signs, posts and reads to the end; rejects unless it is answered 200. */
export function poster(
  endpoint: string,
  key: AccessKey,
  action: string,
  query: Record<string, string>,
): { call: () => Promise<void>; close: () => void } {
  const agent = new Agent({ keepAlive: true });
  const [host, port] = endpoint.split(':');
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const { path, headers } = signed(key, endpoint, action, query);
      const sent = request({ agent, host, port, path, method: 'POST', headers }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`Expected ${action} to be answered, got ${String(answer.statusCode)}: ${body}`));
        });
      });
      sent.on('error', reject).end();
    });
  return {
    call,
    close: () => {
      agent.destroy();
    },
  };
}
