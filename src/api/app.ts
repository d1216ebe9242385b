import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  ImmError,
  incompleteRequest,
  internalError,
  limitExceeded,
  missingParameter,
  resourceNotFound,
  unreadable,
  unsupportedHttpMethod,
} from '../domain/imm-error.js';
import { errorCode, errorMessage } from '../domain/error-code.js';
import { consoleRoutes } from './console/routes.js';
import type { ConsoleService } from './console/service.js';
import { answer, operationNamed } from './imm/answer.js';
import { errorBody } from './imm/error-body.js';
import { RequestRates } from './imm/request-rates.js';
import { operatorRoutes } from './operators.js';
import { readRequest } from './read-request.js';
import { refuseConnect, refuseExpectation, refuseUnreadable } from './refused-connection.js';
import type { Service } from './service.js';

/** UserData and Tags at their limits, percent-encoded, fit twice. */
const MOST_HEADER_BYTES = 64 * 1024;
/** Parameters may come as a form instead; what is longer is cut off before it is read. */
const MOST_BODY_BYTES = 128 * 1024;
/** A request that has not arrived whole by then is dropped: headers and body are small. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface AppSettings {
  /** Addresses of proxies whose `X-Forwarded-*` headers are believed. */
  trustedProxies: readonly string[];
}

/** The HTTP face: IMM's operations at `/`, the review console below `/review`, and what operators ask. Not listening yet. */
export function createApp(service: Service & ConsoleService, { trustedProxies }: AppSettings): FastifyInstance {
  const app = Fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node would answer a request without Host by itself, and with an empty body.
    http: { maxHeaderSize: MOST_HEADER_BYTES, requireHostHeader: false },
    clientErrorHandler: refuseUnreadable,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    exposeHeadRoutes: false,
    // What still arrives while it closes is answered as ever, and its connection closed.
    return503OnClosing: false,
    genReqId: () => randomUUID().toUpperCase(),
    // What no route can be found for, because its address does not decode.
    frameworkErrors: (_error, request, reply) => {
      const error = unreadable('because its path is not percent-encoded UTF-8');
      // No hook is run for it.
      const answered = (reply as FastifyReply).status(error.status).header('x-acs-request-id', request.id);
      void answered.send(errorBody(error, request.id, request.headers.host));
    },
  });
  app.server.on('connect', refuseConnect).on('checkExpectation', refuseExpectation);
  // The bytes as they came: a signature covers them, whatever they claim to be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  const rates = new RequestRates();
  /** What is told of requests when they have been answered. */
  const outcomes = new WeakMap<FastifyRequest, { operation?: string; code?: string }>();
  const note = (request: FastifyRequest, more: { operation?: string; code?: string }): void => {
    outcomes.set(request, { ...outcomes.get(request), ...more });
  };
  app.addHook('onRequest', (request, _reply, done) => {
    const isNameless = request.headers.host === undefined && request.raw.httpVersion === '1.1';
    done(isNameless ? missingParameter('host') : undefined);
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/',
    handler: async (request) => {
      const signed = readRequest(request);
      note(request, { operation: operationNamed(signed) });
      const body = await answer(service, rates, signed, request.id);
      note(request, { code: 'OK' });
      return { RequestId: request.id, ...body };
    },
  });
  operatorRoutes(app, service);
  consoleRoutes(app, service);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-acs-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { operation = 'other', code } = outcomes.get(request) ?? {};
    // What operators ask has no outcome.
    if (code !== undefined) service.metrics.request(operation, code, reply.elapsedTime / 1000);
  });
  app.setNotFoundHandler((request) => {
    throw request.url === '/' || request.url.startsWith('/?')
      ? unsupportedHttpMethod(request.method)
      : resourceNotFound(`Path ${JSON.stringify(request.url.slice(0, 64))}`);
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toImmError(thrown, request);
    note(request, { code: error.code });
    if (error.status >= 500)
      service.log('error', 'A request failed', { requestId: request.id, error: errorMessage(error.cause ?? error) });
    if (error.retryAfterMs !== undefined) reply.header('x-acs-retry-after', String(error.retryAfterMs));
    return reply.status(error.status).send(errorBody(error, request.id, request.headers.host));
  });
  return app;
}

function toImmError(thrown: unknown, { raw }: FastifyRequest): ImmError {
  if (thrown instanceof ImmError) return thrown;
  const code = errorCode(thrown);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return limitExceeded(`Expected a body of at most ${MOST_BODY_BYTES} bytes, got more.`);
  // Nobody reads this answer any more: it is for the counters, where it is no failure of ours.
  if (raw.errored !== null && !raw.complete) return incompleteRequest();
  // Whatever else the framework refuses is the request's fault: it says so by a status below 500.
  const { statusCode, message } = thrown as { statusCode?: number; message?: string };
  if (code?.startsWith('FST_ERR_') === true && statusCode !== undefined && statusCode < 500)
    return unreadable(`because of this: ${message ?? code}`);
  return internalError(thrown);
}
