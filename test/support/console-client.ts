import type { ConsoleError, SessionView } from '../../src/schema/console/session.js';

/** A refusal of the console. */
export class ConsoleRefusal extends Error {
  override name = 'ConsoleRefusal' as const;
  constructor(
    readonly status: number,
    readonly body: ConsoleError,
  ) {
    super(`${status} ${body.code}: ${body.message}`);
  }
}

/** Somebody who is signed in at the console, as their browser asks. */
export interface ConsoleClient {
  session: SessionView;
  /** `host:port`; may be another one after a restart. */
  endpoint: string;
  get<T>(path: string): Promise<T>;
  /** @throws {ConsoleRefusal} */
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/** Signs in with a password. */
export async function signIn(endpoint: string, name: string, password: string): Promise<ConsoleClient> {
  return opened(endpoint, '/session', { name, password });
}

/** Uses a one-time link, as `serve` prints it or an admin makes it, and is signed in. */
export async function useLink(endpoint: string, link: string, name: string, password: string): Promise<ConsoleClient> {
  return opened(endpoint, `/links/${link.split('/').at(-1) ?? ''}`, { name, password });
}

async function opened(endpoint: string, path: string, body: unknown): Promise<ConsoleClient> {
  const answer = await ask(endpoint, 'POST', path, {}, body);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const session = (await read(answer)) as SessionView;
  const client: ConsoleClient = {
    session,
    endpoint,
    get: async <T>(at: string) => (await read(await ask(client.endpoint, 'GET', at, { cookie }))) as T,
    send: async <T>(method: string, at: string, sent?: unknown) =>
      (await read(await ask(client.endpoint, method, at, { cookie, 'x-csrf-token': session.csrfToken }, sent))) as T,
  };
  return client;
}

function ask(
  endpoint: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Response> {
  return fetch(`http://${endpoint}/review/api${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (!answer.ok) throw new ConsoleRefusal(answer.status, JSON.parse(text) as ConsoleError);
  return text === '' ? undefined : JSON.parse(text);
}
