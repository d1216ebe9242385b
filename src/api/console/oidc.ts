import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Provider, type Claims } from '../../auth/console/provider.js';
import { oidcSubject, providerName, providerRights } from '../../auth/console/provider-rights.js';
import { Turns } from '../../auth/console/turns.js';
import { errorMessage } from '../../domain/error-code.js';
import type { OidcConfig } from '../../schema/console-config.js';
import type { ConsoleErrorCode } from '../../schema/console/session.js';
import { MemberSettings } from '../../schema/member.js';
import { MemberExistsError, type StoredMember } from '../../store/members.js';
import { cookieOf, setCookie } from './cookies.js';
import { openSession } from './open-session.js';
import { ConsoleProblem } from './problem.js';
import { refuseReadable } from './same-origin.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** How long somebody may take at the provider, in seconds. */
const SIGN_IN_S = 600;
/** Answers of a provider that are checked at a time, and that wait: each asks it again. */
const AT_ONCE = 8;
const MOST_WAITING = 50;

/** Signing in with the company's provider. Whatever becomes of it, a browser ends on the page, which tells of a refusal by `#/sign-in/` and the code. */
export function oidc(app: FastifyInstance, console: ConsoleService): void {
  const turns = new Turns(AT_ONCE, MOST_WAITING);
  const providerNow = rememberedProvider(console);

  app.get('/oidc/start', async (request, reply) => {
    refuseReadable(request, console.settings());
    const { provider } = providerNow();
    try {
      const { address, remembered } = await turns.take(() => provider.depart());
      setCookie(reply, 'oidc', remembered, SIGN_IN_S);
      return await reply.header('cache-control', 'no-store').redirect(address, 302);
    } catch (error) {
      return refuse(console, request, reply, 'InternalError', errorMessage(error));
    }
  });

  app.get('/oidc/callback', async (request, reply) => {
    refuseReadable(request, console.settings());
    const { provider, config } = providerNow();
    const remembered = cookieOf(request, 'oidc');
    setCookie(reply, 'oidc', '', 0);
    try {
      const query = request.url.split('?').slice(1).join('?');
      const claims = await turns.take(() => provider.arrive(query, remembered));
      const member = await memberOf(console, request, config, claims);
      if (typeof member === 'string') return await refuse(console, request, reply, 'SignInRefused', member);
      await openSession(console, request, reply, member, 'provider');
      return await reply.header('cache-control', 'no-store').redirect('/review/', 303);
    } catch (error) {
      return refuse(console, request, reply, 'SignInRefused', errorMessage(error));
    }
  });
}

/** The provider as configured now; another one after a reload. */
function rememberedProvider({ settings }: ConsoleService): () => { provider: Provider; config: OidcConfig } {
  let known: { provider: Provider; config: OidcConfig } | undefined;
  return () => {
    const { oidc: config, publicUrl } = settings().console;
    if (config === null || publicUrl === null)
      throw new ConsoleProblem(
        'NotFound',
        'There is no provider to sign in with: see console.oidc of the configuration.',
      );
    if (known?.config !== config)
      known = { config, provider: new Provider(config, `${new URL(publicUrl).origin}/review/oidc/callback`) };
    return known;
  };
}

/** The member that somebody is, made at their first sign-in; or in a sentence for the log why they are not let in. */
async function memberOf(
  console: ConsoleService,
  request: FastifyRequest,
  config: OidcConfig,
  claims: Claims,
): Promise<StoredMember | string> {
  const { members } = console.records;
  const subject = oidcSubject(config, claims);
  const rights = providerRights(config, claims);
  if (rights === null) return `No grant fits the claims of ${claims.sub}.`;
  const { role, projects, isGranted } = rights;
  const found = await members.findBySubject(subject);
  if (found !== null) {
    if (found.isDisabled) return `${found.name} is disabled.`;
    if (!isGranted || (found.role === role && isSame(found.projects, projects))) return found;
    await members.change(found.name, { role, projects });
    await tell(console, request, {
      kind: 'member-changed',
      actor: 'system',
      detail: { name: found.name, role, way: 'provider' },
    });
    return { ...found, role, projects };
  }
  const name = providerName(config, claims);
  if (name === null) return `No claim of ${claims.sub} holds a name that can be used.`;
  const member: StoredMember = {
    name,
    role,
    projects,
    settings: MemberSettings.parse({}),
    hasPassword: false,
    createdAt: new Date().toISOString(),
    isDisabled: false,
    passwordHash: null,
    subject,
  };
  try {
    await members.create(member);
  } catch (error) {
    // Who has the name signs in otherwise: to take them for the same person would hand their account over.
    if (error instanceof MemberExistsError) return `A member has the name ${name} already.`;
    throw error;
  }
  await tell(console, request, { kind: 'member-created', actor: name, detail: { name, role, way: 'provider' } });
  return member;
}

function isSame(one: readonly string[] | null, other: readonly string[] | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function refuse(
  console: ConsoleService,
  request: FastifyRequest,
  reply: FastifyReply,
  code: ConsoleErrorCode,
  why: string,
): Promise<FastifyReply> {
  console.log('warn', 'A sign-in with the provider was refused', { requestId: request.id, why });
  await tell(console, request, {
    // Once a minute for an address: anybody may come to this one, as often as they like.
    eventId: `refused/provider/${request.ip}/${Math.floor(Date.now() / 60_000)}`,
    kind: 'sign-in-refused',
    actor: 'unknown',
    detail: { way: 'provider' },
  });
  return reply.header('cache-control', 'no-store').redirect(`/review/#/sign-in/${code}`, 303);
}
