import { authenticate, type Authentication } from '../../src/auth/authenticate.js';
import { recentNonces } from '../../src/auth/recent-nonces.js';
import type { Principal } from '../../src/auth/principal.js';
import type { SignedRequest } from '../../src/auth/signed-request.js';
import { ImmError } from '../../src/domain/imm-error.js';
import type { AccessKey } from '../../src/store/access-keys.js';

export const DATE = '2025-01-02T03:04:05Z';
export const NOW = Date.parse(DATE);

/** An access key of an account's owner, unless said otherwise. */
export const makeKey = (given: Partial<AccessKey> = {}): AccessKey => ({
  accessKeyId: 'testid',
  accountId: '1234567890123456',
  userName: null,
  secret: 'testsecret',
  securityToken: null,
  status: 'Active',
  createdAt: '2025-01-01T00:00:00.000Z',
  ...given,
});

/** Authentication against these keys, at the time that requests are signed at; nonces are kept in the process. */
export function against(keys: readonly AccessKey[], given: Partial<Authentication> = {}): Authentication {
  return {
    keys: { find: (id) => Promise.resolve(keys.find(({ accessKeyId }) => accessKeyId === id) ?? null) },
    nonces: recentNonces(() => NOW),
    readNonces: recentNonces(() => NOW),
    policiesOf: () => [],
    now: NOW,
    writes: true,
    ...given,
  };
}

/** `status code` of the refusal of a request, or who was let in. */
export async function outcome(request: SignedRequest, authentication: Authentication): Promise<string | Principal> {
  try {
    return await authenticate(request, authentication);
  } catch (error) {
    if (error instanceof ImmError) return `${error.status} ${error.code}`;
    throw error;
  }
}
