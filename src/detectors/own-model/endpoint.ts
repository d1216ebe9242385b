import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { z } from 'zod';
import { errorCode, errorMessage } from '../../domain/error-code.js';
import { Circuit } from './circuit.js';
import { EndpointAnswer, type SeenClass } from './endpoint-answer.js';
import { Gatherer } from './gather.js';
import type { HttpSpec } from './manifest.js';

/** Decides what may be dialled. */
export interface AddressCheck {
  /** Throws when this address of the host must not be dialled. */
  assertAllowed(host: string, address: string): void;
  /** Resolves names, to addresses that may be dialled. */
  lookup: LookupFunction;
}

/** An endpoint did not answer as it should; it may the next time. */
export class EndpointError extends Error {
  override name = 'EndpointError' as const;

  constructor(
    readonly model: string,
    /** What came instead. */
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(
      `Expected the endpoint of the model ${model} to answer as docs/own-models.md says, received ${received}`,
      options,
    );
  }
}

/** Bytes of an answer that are read: a thousand boxes for each of 64 pictures. */
const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/** A model behind an address. */
export interface Endpoint {
  /**
   * What it sees in a picture, a JPEG.
   * @throws {EndpointError} @throws {CircuitOpenError} @throws the reason of the signal
   */
  ask(jpeg: Uint8Array, signal: AbortSignal): Promise<SeenClass[]>;
  /** Whether it is asked at all, see {@link Circuit}. */
  readonly circuit: Circuit['state'];
}

/** What an endpoint is reached with. */
export interface EndpointSettings {
  name: string;
  version: string;
  spec: HttpSpec;
  token: string | null;
  guard: AddressCheck;
}

/** Nothing is asked yet. `now` is the clock of the {@link Circuit}. */
export function openEndpoint(settings: EndpointSettings, now?: () => number): Endpoint {
  const { name, spec } = settings;
  const circuit = new Circuit(name, spec.circuit, now);
  const gatherer = new Gatherer<Uint8Array, SeenClass[]>(spec, (jpegs, signal) =>
    circuit.call(
      () => request(settings, jpegs, signal),
      () => !signal.aborted,
    ),
  );
  return {
    ask: (jpeg, signal) => gatherer.ask(jpeg, signal),
    get circuit() {
      return circuit.state;
    },
  };
}

async function request(
  settings: EndpointSettings,
  jpegs: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<SeenClass[][]> {
  const { name, version, spec } = settings;
  const frames = jpegs.map((jpeg) => ({ jpeg: Buffer.from(jpeg).toString('base64') }));
  const timeout = AbortSignal.timeout(spec.timeoutMs);
  const body = Buffer.from(JSON.stringify({ model: name, version, frames }));
  const text = await post(settings, body, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof EndpointError) throw error;
    const what = timeout.aborted ? `nothing within ${spec.timeoutMs} ms` : whatFailed(error);
    throw new EndpointError(name, what, { cause: error });
  });
  return answersOf(name, text, jpegs.length);
}

function answersOf(model: string, text: string, count: number): SeenClass[][] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new EndpointError(model, `what is no JSON: ${shown(text)}`, { cause });
  }
  const parsed = EndpointAnswer.safeParse(raw);
  if (!parsed.success) throw new EndpointError(model, shown(z.prettifyError(parsed.error)), { cause: parsed.error });
  const { frames } = parsed.data;
  if (frames.length !== count) throw new EndpointError(model, `${frames.length} frames for ${count} pictures`);
  return frames.map(({ classes }) => classes);
}

/** The body of an answer with status 200. Redirects are not followed: the operator names the address that answers. */
function post({ name, spec, token, guard }: EndpointSettings, body: Buffer, signal: AbortSignal): Promise<string> {
  const url = new URL(spec.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const headers = {
    'content-type': 'application/json',
    'content-length': body.byteLength,
    accept: 'application/json',
    'user-agent': 'framewarden',
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    // Numbers are dialled without being looked up; in whatever way they were written, the URL has them as plain ones.
    if (isIP(host) !== 0) guard.assertAllowed(host, host);
    const { request: send } = url.protocol === 'https:' ? https : http;
    // A connection of its own: one kept open may have been closed by the other side meanwhile.
    const options = { method: 'POST', headers, signal, agent: false, lookup: guard.lookup };
    const sending = send(url, options, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > MOST_ANSWER_BYTES)
          response.destroy(new EndpointError(name, `more than ${MOST_ANSWER_BYTES} bytes`));
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const { statusCode: status = 0 } = response;
        if (status === 200) resolve(text);
        else reject(new EndpointError(name, `status ${status}: ${shown(text)}`));
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** What the check of addresses throws. */
const FORBIDDEN = 'ForbiddenAddressError';

function addressOf(error: Error): string {
  return 'address' in error ? String(error.address) : 'none';
}

/** The beginning of a text, on one line. */
function shown(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 200);
}

function whatFailed(error: unknown): string {
  if (error instanceof Error && error.name === FORBIDDEN)
    return `an address that is not public (${addressOf(error)}): http.allow in its manifest may name it`;
  const code = errorCode(error);
  return code === undefined ? errorMessage(error) : `a failed connection: ${code}`;
}
