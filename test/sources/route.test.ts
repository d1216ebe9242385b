import fc from 'fast-check';
import { SourceConfig } from '../../src/schema/source-config.js';
import { SourceRefusedError } from '../../src/sources/errors.js';
import { matchesBucket, routeOf } from '../../src/sources/route.js';

const s3 = {
  endpoint: 'http://127.0.0.1:9000',
  region: 'local',
  addressing: 'path',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
} as const;

const CONFIG = SourceConfig.parse({
  buckets: [
    { match: 'samples', directory: '/srv/samples' },
    { match: 'uploads-*', s3 },
    { match: 'uploads-*', role: 'auditor', directory: '/srv/audit' },
  ],
  fileRoots: ['/srv/videos'],
});

const route = (uri: string, rest = {}) => routeOf({ uri, ...rest }, CONFIG);

test('a key is everything behind the bucket, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('oss', 's3'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      (scheme, key) => {
        expect(route(`${scheme}://samples/${key}`)).toEqual({ kind: 'directory', directory: '/srv/samples', key });
      },
    ),
  );
  for (const key of ['/leading', 'a b?c#d%20e&f', '../up', 'é/日本語.mp4', ' ', 'a\nb'])
    expect(route(`oss://uploads-1/${key}`)).toEqual({ kind: 's3', s3, bucket: 'uploads-1', key });
});

test('a key of more than 1024 bytes is refused', () => {
  expect(route(`oss://samples/${'é'.repeat(512)}`)).toMatchObject({ kind: 'directory' });
  expect(() => route(`oss://samples/${'é'.repeat(512)}a`)).toThrow('expected a key of at most 1024 bytes, got 1025');
});

test('the first entry that matches the bucket and the role counts', () => {
  expect(route('s3://uploads-eu/a')).toMatchObject({ kind: 's3' });
  expect(route('s3://uploads-eu/a', { role: 'auditor' })).toMatchObject({ directory: '/srv/audit' });
  expect(() => route('s3://uploads-eu/a', { role: 'nobody' })).toThrow('for the role "nobody"');
  expect(() => route('s3://samples/a', { role: 'auditor' })).toThrow(SourceRefusedError);
});

test('a pattern matches the whole name of a bucket', () => {
  expect(matchesBucket('uploads-*', 'uploads-')).toBe(true);
  expect(matchesBucket('uploads-*', 'my-uploads-1')).toBe(false);
  expect(matchesBucket('a.b', 'a-b')).toBe(false);
  expect(matchesBucket('*.media', 'eu.media')).toBe(true);
  expect(matchesBucket('samples', 'samples2')).toBe(false);
});

test.each([
  ['oss://other/a', 'no bucket "other" is configured'],
  ['oss://samples', 'expected an address such as oss://bucket/key, or https:// or file://'],
  ['oss://samples/', 'expected a bucket and a key'],
  ['oss:///key', 'expected a bucket and a key'],
  ['ftp://host/a', 'expected an address such as'],
  ['/etc/passwd', 'expected an address such as'],
  ['', 'expected an address such as'],
  ['http://example.org/a', 'expected an address such as'],
  ['https://', 'no address that can be read'],
  ['https://user:secret@example.org/a', 'without user name and password'],
  ['file://host/a', 'expected an address such as file:///'],
  ['file:///a%2Fb', 'expected an address such as file:///'],
])('%s is refused', (uri, reason) => {
  expect(() => route(uri)).toThrow(SourceRefusedError);
  expect(() => route(uri)).toThrow(reason);
});

test('what a refusal says keeps secrets of an address to itself', () => {
  const config = SourceConfig.parse({ https: { enabled: false } });
  const refused = () => routeOf({ uri: 'https://key:word@host/a?Signature=geheim#geheim' }, config);
  expect(refused).toThrow('https://…@host/a?…');
  expect(refused).not.toThrow(/geheim|word/);
});

test('files are refused where no roots are listed, except to commands', () => {
  const config = SourceConfig.parse({});
  expect(() => routeOf({ uri: 'file:///a' }, config)).toThrow('lists no fileRoots');
  expect(routeOf({ uri: 'file:///a', anyFile: true }, config)).toEqual({ kind: 'file', path: '/a' });
});

test('http is read only where the operator says so', () => {
  const config = SourceConfig.parse({ https: { plainHttp: true } });
  expect(routeOf({ uri: 'http://example.org/a' }, config)).toMatchObject({ kind: 'https' });
});

test.each([
  [{ buckets: [{ match: 'a' }] }, 'expected either directory or s3'],
  [{ buckets: [{ match: 'a', directory: 'relative' }] }, 'expected an absolute path'],
  [{ buckets: [{ match: 'a/b', directory: '/a' }] }, 'expected a bucket name'],
  [{ https: { allow: ['10.0.0.0/33'] } }, 'expected an address, a block'],
  [{ https: { allow: ['http://host'] } }, 'expected an address, a block'],
  [{ limits: { maxBytes: 2, cacheBytes: 1 } }, 'expected cacheBytes to have room'],
  [{ surplus: 1 }, 'surplus'],
])('the configuration %j is refused', (config, reason) => {
  expect(SourceConfig.safeParse(config).error?.message).toContain(reason);
});
