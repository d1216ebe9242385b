import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Attempts } from '../../auth/console/attempts.js';
import { isPassword } from '../../auth/console/password.js';
import { SignIn, type SignInWays } from '../../schema/console/session.js';
import type { StoredMember } from '../../store/members.js';
import { setCookie } from './cookies.js';
import { signedIn } from './guard.js';
import { openSession, sessionView } from './open-session.js';
import { read } from './read.js';
import { refuseReadable } from './same-origin.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';
import { throttled } from './throttled.js';

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
    const member = await signIn(console, attempts, request, read(SignIn, request.body));
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
  { name, password }: SignIn,
): Promise<StoredMember> {
  const found = await console.records.members.find(name);
  return throttled(console, request, found?.name ?? 'unknown', () =>
    attempts.try(name, request.ip, async () => {
      const isRight = await isPassword(password, found?.passwordHash ?? null);
      return isRight && found !== null && !found.isDisabled ? found : null;
    }),
  );
}
