import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A key of Standard Webhooks. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What a receiver does with a request: answers a status, with headers, or nothing at all, or hangs up. */
export type Behaviour = number | { status: number; headers: Record<string, string>; body?: string } | 'hang' | 'drop';

/** A request as it arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  id: string;
  body: string;
  behaviour: Behaviour;
}

/** A real HTTP server that takes messages. */
export interface Receiver {
  url: string;
  /** All requests, in the order of their arrival. */
  received: Received[];
  /** Those that were answered with a 2xx. */
  delivered(): Received[];
  /** What is done with the next requests, one each; after those every one is answered 200. */
  next(...behaviours: Behaviour[]): void;
  /** What is done with requests that `next` says nothing of. */
  otherwise(behaviour: Behaviour): void;
  /** Nobody listens any more. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: Behaviour[] = [];
  let usual: Behaviour = 200;
  const server = createServer((request, response) => {
    void take(request).then((body) => {
      const behaviour = waiting.shift() ?? usual;
      const id = String(request.headers['webhook-id']);
      received.push({ path: request.url ?? '', headers: request.headers, id, body, behaviour });
      behave(behaviour, request, response);
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    delivered: () => received.filter(({ behaviour }) => statusOf(behaviour) >= 200 && statusOf(behaviour) < 300),
    next: (...behaviours) => void waiting.push(...behaviours),
    otherwise(behaviour) {
      usual = behaviour;
    },
    down,
    up: () => listen(port),
    async close() {
      if (server.listening) await down();
    },
  };
}

/** What a message says, once it is proven to be signed with this key. @throws what the library throws */
export function verified({ headers, body }: Received, secret: string): Record<string, unknown> {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
}

/** What a message in IMM's format says of a task. */
export function contentOf({ body }: Received): Record<string, unknown> {
  return JSON.parse((JSON.parse(body) as { content: string }).content) as Record<string, unknown>;
}

async function take(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function statusOf(behaviour: Behaviour): number {
  if (typeof behaviour === 'number') return behaviour;
  return typeof behaviour === 'string' ? 0 : behaviour.status;
}

function behave(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'drop') {
    request.socket.destroy();
    return;
  }
  const { headers = {}, body = '' } = typeof behaviour === 'number' ? {} : behaviour;
  response.writeHead(statusOf(behaviour), headers).end(body);
}
