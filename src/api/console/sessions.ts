import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Attempts, TooManyFailuresError } from '../../auth/console/attempts.js';
import { isPassword } from '../../auth/console/password.js';
import { BusyError } from '../../auth/console/turns.js';
import { SignIn, type SignInWays } from '../../schema/console/session.js';
import type { StoredMember } from '../../store/members.js';
import { setCookie } from './cookies.js';
import { signedIn } from './guard.js';
import { openSession, sessionView } from './open-session.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import { refuseReadable } from './same-origin.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** Signing in with a password, and out; what the page knows of the session. */
export function sessions(app: FastifyInstance, console: ConsoleService): void {
  const attempts = new Attempts(console.records.members);

  app.get('/session/ways', { config: { access: 'everybody' } }, (): SignInWays => {
    const { oidc } = console.settings().console;
    return { password: true, provider: oidc?.name ?? null };
  });

  app.get('/session', (request) => sessionView(console, signedIn(request)));

  app.post('/session', { config: { access: 'everybody' } }, async (request, reply) => {
    refuseReadable(request, console.settings());
    const { name, password } = read(SignIn, request.body);
    const member = await signIn(console, attempts, request, name, password);
    return sessionView(console, await openSession(console, request, reply, member, 'password'));
  });

  app.delete('/session', async (request, reply) => {
    const { member, session } = signedIn(request);
    await console.records.members.closeSession(session.tokenDigest);
    await tell(console, request, { kind: 'signed-out', actor: member.name });
    setCookie(reply, 'session', '', 0);
    return reply.status(204).send();
  });
}

/** The member of this name and password; anybody else learns nothing of why. */
async function signIn(
  console: ConsoleService,
  attempts: Attempts,
  request: FastifyRequest,
  name: string,
  password: string,
): Promise<StoredMember> {
  const found = await console.records.members.find(name);
  // What was typed as a name may be a password.
  const actor = found?.name ?? 'unknown';
  try {
    const member = await attempts.try(name, request.ip, async () => {
      const isRight = await isPassword(password, found?.passwordHash ?? null);
      return isRight && found !== null && !found.isDisabled ? found : null;
    });
    if (member !== null) return member;
    await tell(console, request, { kind: 'sign-in-refused', actor, detail: { way: 'password' } });
  } catch (error) {
    if (error instanceof BusyError) throw new ConsoleProblem('TooManyAttempts', error.message, 5);
    if (!(error instanceof TooManyFailuresError)) throw error;
    await tell(console, request, {
      // Once for as long as it is refused: a flood of attempts is no flood of entries.
      eventId: `throttled/${error.by}/${error.by === 'name' ? actor : request.ip}/${Math.floor(Date.now() / 1000 / error.retryAfterS)}`,
      kind: 'sign-in-refused',
      actor,
      detail: { way: 'password', throttledBy: error.by },
    });
    throw new ConsoleProblem('TooManyAttempts', error.message, error.retryAfterS);
  }
  throw new ConsoleProblem('SignInRefused', 'The name or the password is wrong.');
}
