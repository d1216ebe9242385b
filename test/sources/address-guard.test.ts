import type { LookupAddress } from 'node:dns';
import { AddressGuard, ForbiddenAddressError } from '../../src/sources/address-guard.js';

const PRIVATE = [
  ...['127.0.0.1', '127.8.8.8', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ...['169.254.169.254', '100.64.0.1', '100.100.100.200', '168.63.129.16', '0.0.0.0', '0.1.2.3'],
  ...['224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', '192.0.0.8'],
  ...[
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    'fe80::1',
    'fec0::1',
    'fd00:ec2::254',
    'ff02::1',
  ],
  ...['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '4000::1'],
];

test.each(PRIVATE)('%s is not dialled', (address) => {
  const dialling = () => {
    new AddressGuard([]).assertAllowed('host', address);
  };
  expect(dialling).toThrow(ForbiddenAddressError);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is public',
  (address) => {
    new AddressGuard([]).assertAllowed('host', address);
  },
);

test('what the operator lists is dialled, and no neighbour of it', () => {
  const guard = new AddressGuard(['10.1.0.0/16', '192.168.7.7', 'fd00::/16', 'Files.internal', '*.corp.example']);
  const allowed = (host: string, address: string): boolean => {
    try {
      guard.assertAllowed(host, address);
      return true;
    } catch {
      return false;
    }
  };
  const all: [string, string, boolean][] = [
    ['h', '10.1.255.255', true],
    ['h', '10.2.0.0', false],
    ['h', '::ffff:10.1.0.1', true],
    ['h', '192.168.7.7', true],
    ['h', '192.168.7.8', false],
    ['h', 'fd00::5', true],
    ['h', 'fd01::5', false],
    ['files.internal', '10.9.9.9', true],
    ['FILES.internal.', '10.9.9.9', true],
    ['evil-files.internal', '10.9.9.9', false],
    ['a.corp.example', '10.9.9.9', true],
    ['corp.example', '10.9.9.9', false],
    ['evilcorp.example', '10.9.9.9', false],
  ];
  expect(all.filter(([host, address, expected]) => allowed(host, address) !== expected)).toEqual([]);
});

test('a name that leads to this machine is refused before anything is dialled, and answered with its addresses where it is allowed', async () => {
  const lookUp = (allow: string[], all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      new AddressGuard(allow).lookup('localhost', { all }, (error, address) => {
        if (error === null) resolve(address);
        else reject(error);
      });
    });
  await expect(lookUp([], true)).rejects.toThrow(ForbiddenAddressError);
  await expect(lookUp(['10.0.0.0/8'], false)).rejects.toThrow('localhost leads to');
  expect(await lookUp(['localhost'], true)).toContainEqual({ address: expect.any(String), family: expect.any(Number) });
  expect(await lookUp(['127.0.0.0/8', '::1'], false)).toMatch(/^(127\.0\.0\.1|::1)$/);
});
