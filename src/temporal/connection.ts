import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../domain/error-code.js';
import { isLoopback, type TemporalTarget } from './target.js';

/** Thrown when no connection could be made in time. */
export class TemporalUnreachableError extends Error {
  override name = 'TemporalUnreachableError' as const;

  constructor(
    readonly address: string,
    readonly waitedMs: number,
    options: ErrorOptions,
  ) {
    super(
      `No Temporal server answered at ${address} within ${Math.round(waitedMs / 1000)} s (${errorMessage(options.cause)}): ` +
        'check that it runs and that TEMPORAL_ADDRESS and the TEMPORAL_TLS and TEMPORAL_API_KEY variables are right.',
      options,
    );
  }
}

/** How long a connection is tried for; a server that starts on an existing database needs 1.5 s at most. */
const CONNECT_MS = 10_000;
const RETRY_MS = 100;

const endpoint = (target: TemporalTarget) => ({
  address: target.address,
  tls: target.tls,
  // A copy: the client writes its own name into it.
  metadata: { ...target.metadata },
  ...(target.apiKey === null ? {} : { apiKey: target.apiKey }),
});

/**
 * A client of the target's namespace; close it through `client.connection.close()`.
 * It comes back by itself after an outage; calls made during one throw at once, see `throughOutages`.
 * @throws {TemporalUnreachableError} after 10 s, and the signal's reason when it is aborted.
 */
export async function connectClient(target: TemporalTarget, signal?: AbortSignal): Promise<Client> {
  const connection = await persistently(target, signal, () =>
    Connection.connect({
      ...endpoint(target),
      connectTimeout: CONNECT_MS,
      // No retries below us, see throughOutages.
      interceptors: [],
      channelArgs: {
        // With grpc-js's own backoff a client came back 46 s after the server; the server is ours or near, so ask often.
        'grpc.initial_reconnect_backoff_ms': 200,
        'grpc.max_reconnect_backoff_ms': 2000,
      },
    }),
  );
  return new Client({ connection, namespace: target.namespace });
}

/**
 * A connection for workers, tried again until the server is there.
 * @throws {TemporalUnreachableError} after 10 s, and the signal's reason when it is aborted.
 */
export async function connectWorker(target: TemporalTarget, signal?: AbortSignal): Promise<NativeConnection> {
  return persistently(target, signal, () =>
    NativeConnection.connect({
      ...endpoint(target),
      ...(isLoopback(target) ? { grpcCompression: { codec: 'none' as const } } : {}),
    }),
  );
}

async function persistently<T>(
  target: TemporalTarget,
  signal: AbortSignal | undefined,
  connect: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await connect();
    } catch (cause) {
      const waitedMs = performance.now() - startedAt;
      if (waitedMs >= CONNECT_MS) throw new TemporalUnreachableError(target.address, waitedMs, { cause });
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
