import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BlobPlaceUrl, type BlobPlace } from '../../src/schema/blob-place.js';
import { BlobCorruptError } from '../../src/store/blobs.js';
import { openS3Blobs } from '../../src/store/s3-blobs.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import { blobContract } from './blob-contract.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('blobs');
});
afterAll(() => server.close());

const place = (prefix: string): BlobPlace => ({ ...server.config, bucket: 'blobs', prefix });

blobContract('a bucket', () => Promise.resolve(openS3Blobs(place(`${randomUUID()}/`))));

test('a blob whose object was changed is not answered, and putting it again mends it', async () => {
  const blobs = openS3Blobs(place(''));
  const digest = await blobs.put(Buffer.from('hello'));
  const key = `${digest.slice(0, 2)}/${digest.slice(2)}`;
  await server.client.send(new PutObjectCommand({ Bucket: 'blobs', Key: key, Body: 'hullo' }));
  const getting = blobs.get(digest);
  await expect(getting).rejects.toThrow(BlobCorruptError);
  await expect(getting).rejects.toMatchObject({ digest, location: `s3://blobs/${key}` });
  await blobs.put(Buffer.from('hello'));
  expect((await blobs.get(digest)).toString()).toBe('hello');
});

test('a store that is away for a moment is waited for', async () => {
  const blobs = openS3Blobs(place(''));
  await server.stop();
  const putting = blobs.put(Buffer.from('later'));
  await server.restart();
  expect((await blobs.get(await putting)).toString()).toBe('later');
});

test('a place is told by one address', () => {
  expect(BlobPlaceUrl.parse('s3://key:s%2Fcret@s3.example.org:9000/bucket/a/b?region=eu-west-1&tls=off')).toEqual({
    endpoint: 'http://s3.example.org:9000',
    region: 'eu-west-1',
    addressing: 'path',
    credentials: { accessKeyId: 'key', secretAccessKey: 's/cret' },
    bucket: 'bucket',
    prefix: 'a/b/',
  });
});

test.each([
  'bucket',
  'https://key:secret@host/bucket',
  's3://host/bucket',
  's3://key:secret@host',
  's3://key:secret@host/b?zone=1',
])('what is no such address is refused: %s', (text) => {
  expect(() => BlobPlaceUrl.parse(text)).toThrow('an address such as s3://KEY:SECRET@');
});
