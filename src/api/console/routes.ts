import cookies from '@fastify/cookie';
import { BusyError } from '../../auth/console/turns.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorCode, errorMessage } from '../../domain/error-code.js';
import { ImmError } from '../../domain/imm-error.js';
import type { ConsoleError } from '../../schema/console/session.js';
import { audit } from './audit.js';
import { events } from './events.js';
import { guard } from './guard.js';
import { lead } from './lead.js';
import { links } from './links.js';
import { me } from './me.js';
import { media } from './media.js';
import { members } from './members.js';
import { oidc } from './oidc.js';
import { page } from './page.js';
import { policies } from './policies.js';
import { ConsoleProblem } from './problem.js';
import { reviews } from './reviews.js';
import { securityHeaders } from './security-headers.js';
import type { ConsoleService } from './service.js';
import { sessions } from './sessions.js';
import { steering } from './steering.js';
import { tasks } from './tasks.js';

/** What a file of routes is: adds them to the scope below `/review/api`, where {@link guard} has let the request in. */
type Routes = (app: FastifyInstance, console: ConsoleService) => void;

const ROUTES: readonly Routes[] = [
  ...[sessions, me, links, members],
  ...[reviews, events, tasks, media, steering],
  ...[lead, policies, audit],
];

/** When it makes sense to try again where too many wait for their turn, in seconds. */
const BUSY_S = 5;

/** The review console below `/review`: its page, and below `/review/api` what the page asks. */
export function consoleRoutes(app: FastifyInstance, console: ConsoleService): void {
  void app.register(
    async (scope) => {
      securityHeaders(scope);
      await scope.register(cookies);
      scope.setErrorHandler((thrown, request, reply) => answerProblem(console, thrown, request, reply));
      page(scope, console);
      oidc(scope, console);
      await scope.register(
        (api, _options, done) => {
          readsJson(api);
          guard(api, console);
          api.addHook('onRequest', (_request, reply, done) => {
            reply.header('cache-control', 'no-store');
            done();
          });
          api.setNotFoundHandler(() => {
            throw new ConsoleProblem('NotFound', 'There is nothing at this address.');
          });
          for (const routes of ROUTES) routes(api, console);
          done();
        },
        { prefix: '/api' },
      );
    },
    { prefix: '/review' },
  );
}

/** Bodies are JSON or nothing at all: what pages of other sites can send without being asked about is refused. */
function readsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)));
    } catch {
      done(new ConsoleProblem('InvalidRequest', 'Expected a body of JSON.'));
    }
  });
}

async function answerProblem(
  console: ConsoleService,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { code, status, message, retryAfterS } = problemOf(thrown);
  if (status >= 500)
    console.log('error', 'A request of the console failed', { requestId: request.id, error: errorMessage(thrown) });
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  const body: ConsoleError = { code, message };
  return reply.status(status).header('cache-control', 'no-store').send(body);
}

function problemOf(thrown: unknown): ConsoleProblem {
  if (thrown instanceof ConsoleProblem) return thrown;
  if (thrown instanceof BusyError) return new ConsoleProblem('TooManyAttempts', thrown.message, BUSY_S);
  if (thrown instanceof ImmError && thrown.status < 500) return new ConsoleProblem('InvalidRequest', thrown.message);
  // Whatever else the framework refuses is the request's fault: it says so by a status below 500.
  const { statusCode = 500, message } = thrown as { statusCode?: number; message?: string };
  if (errorCode(thrown)?.startsWith('FST_ERR_') === true && statusCode < 500)
    return new ConsoleProblem('InvalidRequest', message ?? 'The request cannot be read.');
  return new ConsoleProblem('InternalError', 'Something went wrong here; the log of the service says what.');
}
