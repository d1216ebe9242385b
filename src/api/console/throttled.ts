import type { FastifyRequest } from 'fastify';
import { TooManyFailuresError } from '../../auth/console/attempts.js';
import { ConsoleProblem } from './problem.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/**
 * Answers what an attempt to prove who somebody is found, and writes down when it was refused.
 * @param actor the member that was meant, or `unknown`: what was typed as a name may be a password
 * @throws {ConsoleProblem} SignInRefused, TooManyAttempts
 */
export async function throttled<T>(
  console: ConsoleService,
  request: FastifyRequest,
  actor: string,
  attempt: () => Promise<T | null>,
): Promise<T> {
  try {
    const found = await attempt();
    if (found !== null) return found;
    await tell(console, request, { kind: 'sign-in-refused', actor, detail: { way: 'password' } });
  } catch (error) {
    if (!(error instanceof TooManyFailuresError)) throw error;
    const { by, retryAfterS, message } = error;
    await tell(console, request, {
      // Once for as long as it is refused: a flood of attempts is no flood of entries.
      eventId: `throttled/${by}/${by === 'name' ? actor : request.ip}/${Math.floor(Date.now() / 1000 / retryAfterS)}`,
      kind: 'sign-in-refused',
      actor,
      detail: { way: 'password', throttledBy: by },
    });
    throw new ConsoleProblem('TooManyAttempts', message, retryAfterS);
  }
  throw new ConsoleProblem('SignInRefused', 'The name or the password is wrong.');
}
