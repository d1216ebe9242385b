import type { ConsoleError, ConsoleErrorCode } from '../../src/schema/console/session.js';

/** Thrown when the service refused a request; `code` tells why. */
export class ConsoleFailure extends Error {
  override name = 'ConsoleFailure' as const;
  constructor(
    readonly code: ConsoleErrorCode,
    message: string,
    /** HTTP status, 400 and above. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Thrown when nobody answered: the network is down, or the service is. */
export class OfflineError extends Error {
  override name = 'OfflineError' as const;
  constructor() {
    super('Expected an answer of the service, received none.');
  }
}

type Query = Record<string, string | number | undefined>;

interface Options {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
  /** Sent even while the page is being left. */
  keepalive?: boolean;
}

/** Requests to the console's server. */
export interface Api {
  /** @throws {ConsoleFailure} {@link OfflineError} */
  ask<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options?: Options): Promise<T>;
  /** Address of something below the API, for media and downloads. */
  address(path: string, query?: Query): string;
  /** Of the session, for requests that change something. */
  csrfToken: string | null;
  /** Told when a request finds that nobody is signed in. */
  onSignedOut: (() => void) | null;
  /** Told whether the last request was answered. */
  onReach: ((isOnline: boolean) => void) | null;
}

const BASE = '/review/api';
/** Longer than the 2 s that the service itself waits for a workflow. */
const LIMIT_MS = 30_000;

export function createApi(): Api {
  const api: Api = {
    csrfToken: null,
    onSignedOut: null,
    onReach: null,
    address(path, query = {}) {
      const given = Object.entries(query).filter((entry) => entry[1] !== undefined && entry[1] !== '');
      const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
      return `${BASE}${path}${search === '' ? '' : `?${search}`}`;
    },
    async ask<T>(method: string, path: string, options: Options = {}): Promise<T> {
      const response = await answered(api, method, api.address(path, options.query), options);
      if (!response.ok) throw await failureOf(api, response);
      const text = await response.text();
      return (text === '' ? null : JSON.parse(text)) as T;
    },
  };
  return api;
}

async function answered(api: Api, method: string, address: string, options: Options): Promise<Response> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const response = await fetch(address, {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'GET' || api.csrfToken === null ? {} : { 'x-csrf-token': api.csrfToken }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]),
      keepalive: options.keepalive ?? false,
      credentials: 'same-origin',
      cache: 'no-store',
    });
    api.onReach?.(true);
    return response;
  } catch {
    if (options.signal?.aborted === true) throw new DOMException('Not wanted any more.', 'AbortError');
    api.onReach?.(false);
    throw new OfflineError();
  }
}

async function failureOf(api: Api, response: Response): Promise<ConsoleFailure | OfflineError> {
  const body = (await response.json().catch(() => null)) as Partial<ConsoleError> | null;
  // A proxy's own page: what stands behind it does not answer.
  if (body?.code === undefined && response.status >= 502) return new OfflineError();
  if (body?.code === 'SignInRequired' || body?.code === 'CsrfRefused') api.onSignedOut?.();
  return new ConsoleFailure(body?.code ?? 'InternalError', body?.message ?? response.statusText, response.status);
}

/** Whether the same request may succeed another time. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  if (!(error instanceof ConsoleFailure)) return false;
  // Whoever has to sign in again keeps what they decided: it is sent once they have.
  return ['TemporalUnavailable', 'SignInRequired', 'CsrfRefused', 'InternalError'].includes(error.code);
}

export const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
