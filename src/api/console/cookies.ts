import type { FastifyReply, FastifyRequest } from 'fastify';

/** Browsers keep a name with this beginning to one host, and to connections that nobody reads; they refuse it without TLS. */
const SECURE_NAME = '__Host-framewarden';
const PLAIN_NAME = 'framewarden';

/** What a cookie is for: `session` carries the token, `oidc` what a sign-in at a provider goes on with. */
export type CookiePurpose = 'session' | 'oidc';

/** The value as sent, or `null`. */
export function cookieOf(request: FastifyRequest, purpose: CookiePurpose): string | null {
  return request.cookies[nameOf(request, purpose)] ?? null;
}

/** Sets a cookie that scripts cannot read. `maxAgeS` 0 removes it. */
export function setCookie(reply: FastifyReply, purpose: CookiePurpose, value: string, maxAgeS: number): void {
  const { request } = reply;
  const isSecure = request.protocol === 'https';
  reply.setCookie(nameOf(request, purpose), value, {
    httpOnly: true,
    secure: isSecure,
    // A provider sends people back from its own site, and that request has to carry what they left with.
    sameSite: purpose === 'oidc' ? 'lax' : 'strict',
    // The name with TLS demands the whole host.
    path: isSecure ? '/' : '/review',
    maxAge: maxAgeS,
  });
}

function nameOf(request: FastifyRequest, purpose: CookiePurpose): string {
  return `${request.protocol === 'https' ? SECURE_NAME : PLAIN_NAME}-${purpose}`;
}
