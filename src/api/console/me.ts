import type { FastifyInstance } from 'fastify';
import { Attempts } from '../../auth/console/attempts.js';
import { hashPassword, isPassword } from '../../auth/console/password.js';
import { ExposureReport, MemberSettings, PasswordChange, type ExposureView } from '../../schema/console/session.js';
import { isSpent, shiftStart } from './exposure.js';
import { signedIn } from './guard.js';
import { passwordChanged } from './links.js';
import { sessionView } from './open-session.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';
import { throttled } from './throttled.js';

/** What members change about themselves. */
export function me(app: FastifyInstance, console: ConsoleService): void {
  const { members } = console.records;
  const attempts = new Attempts(members);

  app.put('/me/settings', async (request) => {
    const settings = read(MemberSettings, request.body);
    const asker = signedIn(request);
    await members.change(asker.member.name, { settings });
    return sessionView(console, { ...asker, member: { ...asker.member, settings } });
  });

  app.put('/me/password', async (request, reply) => {
    const { current, next } = read(PasswordChange, request.body);
    const { member, session } = signedIn(request);
    const { name, passwordHash } = member;
    if (passwordHash === null)
      throw new ConsoleProblem('Forbidden', 'You sign in through a provider, and have no password here.');
    await throttled(console, request, name, () =>
      attempts.try(name, request.ip, async () => ((await isPassword(current, passwordHash)) ? true : null)),
    );
    await members.change(name, { passwordHash: await hashPassword(next) });
    await members.closeSessionsOf(name, session.tokenDigest);
    await tell(console, request, { kind: 'member-changed', actor: name, detail: passwordChanged(name) });
    return reply.status(204).send();
  });

  app.post('/me/exposure', async (request): Promise<ExposureView> => {
    const { seconds: added } = read(ExposureReport, request.body);
    const { exposure } = console.settings().console;
    const { name } = signedIn(request).member;
    const entry = { name, at: new Date().toISOString(), seconds: added, since: shiftStart(exposure) };
    const view = { ...exposure, seconds: await members.addExposure(entry) };
    if (isSpent(view) && !isSpent({ ...view, seconds: view.seconds - added }))
      await tell(console, request, {
        kind: 'budget-spent',
        actor: name,
        detail: { seconds: Math.round(view.seconds), budgetSeconds: view.budgetSeconds },
      });
    return view;
  });
}
