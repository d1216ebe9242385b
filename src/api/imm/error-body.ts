import type { ImmError } from '../../domain/imm-error.js';

/** Characters of a message: what it quotes of a request may be as long as requests are. */
const MOST_MESSAGE = 1000;

/** What every refused request is answered with; the keys are IMM's. */
export function errorBody(
  { code, message, accessDeniedDetail }: ImmError,
  requestId: string,
  host: string | undefined,
): Record<string, unknown> {
  return {
    RequestId: requestId,
    HostId: host ?? '',
    Code: code,
    Message: message.length > MOST_MESSAGE ? `${message.slice(0, MOST_MESSAGE)}…` : message,
    // IMM links to its troubleshooting pages; ours are in the repository.
    Recommend: 'docs/compatibility.md#errors',
    ...(accessDeniedDetail === undefined ? {} : { AccessDeniedDetail: accessDeniedDetail }),
  };
}
