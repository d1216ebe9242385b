import type { ConnectionOptions } from '@temporalio/client';

/** A namespace of a Temporal cluster and what it takes to talk to it. */
export interface TemporalTarget {
  /** `host:port` of the frontend. */
  address: string;
  namespace: string;
  /** `false`: plain text; `true`: TLS with the system's certificates. */
  tls: NonNullable<ConnectionOptions['tls']>;
  /** Sent as a bearer token; `null`: none. */
  apiKey: string | null;
  /** Further gRPC headers of every request. */
  metadata: Record<string, string>;
}

/** An own server on this machine: no TLS, nothing secret. */
export function localTarget(address: string, namespace: string): TemporalTarget {
  return { address, namespace, tls: false, apiKey: null, metadata: {} };
}

/** Whether the traffic to this target stays on this machine. */
export function isLoopback(target: TemporalTarget): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/.test(target.address);
}
