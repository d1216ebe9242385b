import { csrfTokenOf, digestOfToken, newToken } from '../../src/auth/console/tokens.js';
import { MemberSettings, type Role } from '../../src/schema/member.js';
import type { TestService } from './service.js';

/** Somebody who is signed in at the console of a test's service. */
export interface ConsoleMember {
  name: string;
  /** Asks below `/review/api`; the answer as it came. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same, whose answer has to be a success, with its JSON. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** Makes a member of this role, with rights on these projects (`null`: every one), and signs them in. */
export async function consoleMember(
  service: TestService,
  name: string,
  role: Role = 'reviewer',
  projects: string[] | null = null,
): Promise<ConsoleMember> {
  const { members } = service.installation.records;
  const createdAt = new Date().toISOString();
  await members.create({
    name,
    role,
    projects,
    settings: MemberSettings.parse({}),
    hasPassword: false,
    createdAt,
    isDisabled: false,
    passwordHash: null,
    subject: null,
  });
  const token = newToken();
  await members.openSession({
    tokenDigest: digestOfToken(token),
    member: name,
    createdAt,
    seenAt: createdAt,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    address: '127.0.0.1',
  });
  const ask: ConsoleMember['ask'] = (method, path, body, headers = {}) =>
    fetch(`http://${service.endpoint}/review/api${path}`, {
      method,
      headers: {
        cookie: `framewarden-session=${token}`,
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfTokenOf(token) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const told = async <T>(answer: Response): Promise<T> => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    name,
    ask,
    get: async (path) => told(await ask('GET', path)),
    post: async (path, body) => told(await ask('POST', path, body)),
  };
}
