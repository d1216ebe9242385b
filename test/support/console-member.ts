import { randomBytes, scryptSync } from 'node:crypto';
import { csrfTokenOf, digestOfToken, newToken } from '../../src/auth/console/tokens.js';
import { MemberSettings, type Role } from '../../src/schema/member.js';
import type { RecordStore } from '../../src/store/records.js';
import type { TestService } from './service.js';

/** Every member's of the tests. */
export const PASSWORD = 'correct horse battery';

/** What could be stored of {@link PASSWORD}, by parameters that take a hundredth of the time of those that new passwords get. */
const PASSWORD_HASH = ((): string => {
  const salt = randomBytes(16);
  const key = scryptSync(PASSWORD, salt, 32, { N: 2 ** 10, r: 8, p: 1 });
  const [saltText, keyText] = [salt, key].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=10,r=8,p=1$${saltText}$${keyText}`;
})();

/** A member of the tests, and who may ask as them. */
export interface SignedIn {
  /** Of their session. */
  token: string;
  csrfToken: string;
}

/** Makes a member of this role, with rights on these projects (`null`: every one), and a session of theirs. */
export async function newMember(
  { members }: RecordStore,
  name: string,
  role: Role,
  projects: string[] | null,
): Promise<SignedIn> {
  const createdAt = new Date().toISOString();
  await members.create({
    ...{ name, role, projects, createdAt },
    settings: MemberSettings.parse({}),
    hasPassword: true,
    isDisabled: false,
    passwordHash: PASSWORD_HASH,
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
  return { token, csrfToken: csrfTokenOf(token) };
}

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
  const { token, csrfToken } = await newMember(service.installation.records, name, role, projects);
  const ask: ConsoleMember['ask'] = (method, path, body, headers = {}) =>
    fetch(`http://${service.endpoint}/review/api${path}`, {
      method,
      headers: {
        cookie: `framewarden-session=${token}`,
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
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
