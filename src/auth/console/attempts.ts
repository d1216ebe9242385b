import ipaddr from 'ipaddr.js';
import type { MemberStore } from '../../store/members.js';
import { Turns } from './turns.js';

/** How long a failed attempt counts, in milliseconds. */
const WINDOW_MS = 15 * 60_000;
/** Failed attempts on one name: 960 a day, against passwords of twelve letters and more. */
const MOST_PER_NAME = 10;
/** From one address: a whole office may share it. */
const MOST_PER_ADDRESS = 50;
/** Attempts that are looked at together: each could pass before another one is counted. */
const AT_ONCE = 2;
const MOST_WAITING = 50;

/** Thrown when too many attempts to sign in have failed by a name or from an address. */
export class TooManyFailuresError extends Error {
  override name = 'TooManyFailuresError' as const;
  constructor(
    readonly by: 'name' | 'address',
    /** After which it works again for sure, in seconds. */
    readonly retryAfterS: number,
  ) {
    super(`Too many attempts to sign in have failed by this ${by}: try again in ${retryAfterS / 60} minutes.`);
  }
}

/** Bounds how often passwords can be guessed. What is counted lies in the store, for all processes together. */
export class Attempts {
  private readonly turns = new Turns(AT_ONCE, MOST_WAITING);

  constructor(private readonly members: Pick<MemberStore, 'countFailure' | 'failuresSince' | 'forgetFailures'>) {}

  /**
   * Tries to sign somebody in; `check` answers `null` where the password is wrong, which counts.
   * @throws {TooManyFailuresError} without a try, which does not count
   * @throws {BusyError}
   */
  async try<T>(name: string, address: string, check: () => Promise<T | null>): Promise<T | null> {
    const [byName, byAddress] = [`name:${name.normalize('NFKC').toLowerCase()}`, `address:${networkOf(address)}`];
    return this.turns.take(async () => {
      const since = new Date(Date.now() - WINDOW_MS).toISOString();
      const [ofName, ofAddress] = await Promise.all([
        this.members.failuresSince([byName], since),
        this.members.failuresSince([byAddress], since),
      ]);
      if (ofName >= MOST_PER_NAME) throw new TooManyFailuresError('name', WINDOW_MS / 1000);
      if (ofAddress >= MOST_PER_ADDRESS) throw new TooManyFailuresError('address', WINDOW_MS / 1000);
      const found = await check();
      if (found === null) await this.members.countFailure([byName, byAddress], new Date().toISOString(), since);
      // Not those of the address: whoever has an account would get to try as often as they want on others.
      else await this.members.forgetFailures([byName]);
      return found;
    });
  }
}

/** What one household or machine has: an IPv4 address, or the /64 of an IPv6 one. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : parsed.toString();
}
