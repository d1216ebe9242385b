import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import {
  ImmError,
  internalError,
  limitExceeded,
  resourceNotFound,
  unsupportedHttpMethod,
} from '../domain/imm-error.js';
import { errorCode, errorMessage } from '../domain/error-code.js';
import { answer } from './imm/answer.js';
import { errorBody } from './imm/error-body.js';
import { RequestRates } from './imm/request-rates.js';
import { operatorRoutes } from './operators.js';
import { readRequest } from './read-request.js';
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

/** The HTTP face: IMM's operations at `/`, and what operators ask. Not listening yet. */
export function createApp(service: Service, { trustedProxies }: AppSettings): FastifyInstance {
  const app = Fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: MOST_HEADER_BYTES },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    exposeHeadRoutes: false,
    genReqId: () => randomUUID().toUpperCase(),
    // What no route was found for could not be parsed as HTTP either: it is answered all the same.
    frameworkErrors: (error, request, reply) => {
      const answered = reply as FastifyReply;
      void answered.status(400).send(errorBody(limitExceeded(error.message), request.id, request.headers.host));
    },
  });
  // The bytes as they came: a signature covers them, whatever they claim to be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  const rates = new RequestRates();
  app.route({
    method: ['GET', 'POST'],
    url: '/',
    handler: async (request) => {
      const body = await answer(service, rates, readRequest(request), request.id);
      return { RequestId: request.id, ...body };
    },
  });
  operatorRoutes(app, service);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-acs-request-id', request.id);
  });
  app.setNotFoundHandler((request) => {
    throw request.url === '/' || request.url.startsWith('/?')
      ? unsupportedHttpMethod(request.method)
      : resourceNotFound(`Path ${JSON.stringify(request.url.slice(0, 64))}`);
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toImmError(thrown);
    if (error.status >= 500)
      service.log('error', 'A request failed', { requestId: request.id, error: errorMessage(error.cause ?? error) });
    if (error.retryAfterMs !== undefined) reply.header('x-acs-retry-after', String(error.retryAfterMs));
    return reply.status(error.status).send(errorBody(error, request.id, request.headers.host));
  });
  return app;
}

function toImmError(thrown: unknown): ImmError {
  if (thrown instanceof ImmError) return thrown;
  const code = errorCode(thrown);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return limitExceeded(`Expected a body of at most ${MOST_BODY_BYTES} bytes, got more.`);
  // Whatever else the framework refuses is the request's fault: it says so by a status below 500.
  const { statusCode, message } = thrown as { statusCode?: number; message?: string };
  if (code?.startsWith('FST_ERR_') === true && statusCode !== undefined && statusCode < 500)
    return limitExceeded(`The request cannot be read: ${message ?? code}.`);
  return internalError(thrown);
}
