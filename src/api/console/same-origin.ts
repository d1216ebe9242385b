import type { FastifyRequest } from 'fastify';
import type { ServiceSettings } from '../service.js';
import { ConsoleProblem } from './problem.js';

/** Hosts that no network lies before. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where browsers reach the console: as they themselves say, and as configured. */
function originsOf(request: FastifyRequest, { console: { publicUrl } }: ServiceSettings): string[] {
  return [`${request.protocol}://${request.host}`, ...(publicUrl === null ? [] : [publicUrl])];
}

/**
 * Refuses what another site's page sends. Browsers name the origin with everything that changes something, and pages cannot choose it;
 * programs that name none are held to the token.
 * @throws {ConsoleProblem} CsrfRefused
 */
export function refuseForeign(request: FastifyRequest, settings: ServiceSettings): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isOwn = origin === undefined || originsOf(request, settings).some((own) => isSameOrigin(origin, own));
  if (isOwn && (site === undefined || site === 'same-origin')) return;
  throw new ConsoleProblem(
    'CsrfRefused',
    `Expected a request of the console's own page, got one of ${origin ?? 'another site'}: where a proxy changes the host, set console.publicUrl.`,
  );
}

/**
 * Refuses to take or give what signs somebody in where others on the network could read it.
 * @throws {ConsoleProblem} Forbidden
 */
export function refuseReadable(request: FastifyRequest, settings: ServiceSettings): void {
  if (request.protocol === 'https' || LOOPBACK.test(request.hostname)) return;
  // Whoever writes http:// into the configuration has been told.
  if (settings.console.publicUrl?.startsWith('http://') === true) return;
  throw new ConsoleProblem(
    'Forbidden',
    'Expected HTTPS, because others could read what signs you in: put a proxy with TLS in front, and name its address in listen.trustedProxies.',
  );
}

function isSameOrigin(origin: string, own: string): boolean {
  // The port that goes without saying is left out by browsers.
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).origin === new URL(own).origin;
}
