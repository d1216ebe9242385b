import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Thrown when an address that a source leads to is not for us to dial. */
export class ForbiddenAddressError extends Error {
  override name = 'ForbiddenAddressError' as const;

  constructor(
    readonly host: string,
    readonly address: string,
  ) {
    super(
      `${host} leads to ${address}, which is no public address: should it be read, the operator adds it to sources.https.allow`,
    );
  }
}

/** The public part of IPv6. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Public by number, yet the host's own control plane: where Azure answers its virtual machines. */
const CONTROL_PLANES = new Set(['168.63.129.16']);
/** IPv6 addresses whose last 32 bits are the IPv4 address that a translator dials. */
const TRANSLATED = ipaddr.parseCIDR('64:ff9b::/96');

/** Decides what may be dialled: public addresses, and what the operator allows besides (see `HttpsConfig`). */
export class AddressGuard {
  private readonly blocks: [ipaddr.IPv4 | ipaddr.IPv6, number][];
  private readonly hosts: string[];

  constructor(allow: readonly string[]) {
    const isBlock = (entry: string) => ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry);
    this.blocks = allow.filter(isBlock).map((entry) => (entry.includes('/') ? ipaddr.parseCIDR(entry) : single(entry)));
    this.hosts = allow.filter((entry) => !isBlock(entry)).map((entry) => entry.toLowerCase());
  }

  /** @throws {ForbiddenAddressError} when this address of the host must not be dialled. */
  assertAllowed(host: string, address: string): void {
    if (!ipaddr.isValid(address)) throw new ForbiddenAddressError(host, address);
    const found = embedded(ipaddr.process(address));
    if (!isPublic(found) && !this.allowsHost(host) && !this.blocks.some((block) => isIn(found, block)))
      throw new ForbiddenAddressError(host, address);
  }

  /** Stands in for the resolution of a connection: what is dialled is what was checked, and a name is resolved once. */
  readonly lookup: LookupFunction = (host, options, answer) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        answer(error, []);
        return;
      }
      try {
        // One that is forbidden among several: whoever made the name meant no good.
        for (const { address } of addresses) this.assertAllowed(host, address);
      } catch (forbidden) {
        answer(forbidden as Error, []);
        return;
      }
      const [first] = addresses;
      if (options.all === true || first === undefined) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };

  private allowsHost(host: string): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.hosts.some((entry) => (entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry));
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || CONTROL_PLANES.has(address.toString())) return false;
  return address.kind() === 'ipv4' || isIn(address, GLOBAL_IPV6);
}

function isIn(address: Address, [base, bits]: [Address, number]): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

function embedded(address: Address): Address {
  if (!isIn(address, TRANSLATED)) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(-4));
}

function single(entry: string): [Address, number] {
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
