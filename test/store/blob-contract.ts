import { createHash } from 'node:crypto';
import { BlobNotFoundError, type BlobStore, InvalidDigestError } from '../../src/store/blobs.js';

const HELLO = Buffer.from('hello');
const HELLO_DIGEST = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const DAY_MS = 86_400_000;

/** What every place of blobs must do; `open` answers a new empty one. */
export function blobContract(place: string, open: () => Promise<BlobStore>): void {
  describe(`blobs in ${place}`, () => {
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await open();
    });

    test('bytes are answered under their SHA-256', async () => {
      expect(await blobs.put(HELLO)).toBe(HELLO_DIGEST);
      expect(await blobs.get(HELLO_DIGEST)).toEqual(HELLO);
      expect(await blobs.has(HELLO_DIGEST)).toBe(true);
    });

    test('no bytes are a blob too', async () => {
      const digest = await blobs.put(new Uint8Array());
      expect(await blobs.get(digest)).toHaveLength(0);
    });

    test('a view into a larger buffer is stored as what it shows', async () => {
      expect(await blobs.put(new Uint8Array(Buffer.from('say hello!')).subarray(4, 9))).toBe(HELLO_DIGEST);
    });

    test('a blob that is not there is named by its digest', async () => {
      expect(await blobs.has(HELLO_DIGEST)).toBe(false);
      const getting = blobs.get(HELLO_DIGEST);
      await expect(getting).rejects.toThrow(BlobNotFoundError);
      await expect(getting).rejects.toMatchObject({ digest: HELLO_DIGEST });
    });

    test('the same bytes put by many at once are one whole blob', async () => {
      const bytes = Buffer.alloc(300_000, 'frame');
      const digests = await Promise.all(Array.from({ length: 20 }, () => blobs.put(bytes)));
      expect(new Set(digests).size).toBe(1);
      expect(await blobs.get(digests[0] ?? '')).toEqual(bytes);
    });

    test('a deleted blob is gone, and deleting it again is fine', async () => {
      await blobs.put(HELLO);
      expect(await blobs.delete(HELLO_DIGEST)).toBe(true);
      expect(await blobs.has(HELLO_DIGEST)).toBe(false);
      expect(await blobs.delete(HELLO_DIGEST)).toBe(true);
    });

    test('a blob that was put since is kept when asked so', async () => {
      await blobs.put(HELLO);
      expect(await blobs.delete(HELLO_DIGEST, new Date(Date.now() - DAY_MS))).toBe(false);
      expect(await blobs.has(HELLO_DIGEST)).toBe(true);
      expect(await blobs.delete(HELLO_DIGEST, new Date(Date.now() + DAY_MS))).toBe(true);
      expect(await blobs.has(HELLO_DIGEST)).toBe(false);
    });

    test('what was stored before an instant is listed by the first byte of its digest', async () => {
      await blobs.put(HELLO);
      const other = await blobs.put(Buffer.from('other'));
      const tomorrow = new Date(Date.now() + DAY_MS);
      expect(await blobs.storedBefore(tomorrow, 0x2c)).toEqual([HELLO_DIGEST]);
      expect(await blobs.storedBefore(tomorrow, parseInt(other.slice(0, 2), 16))).toEqual([other]);
      expect(await blobs.storedBefore(tomorrow, 0x2d)).toEqual([]);
      expect(await blobs.storedBefore(new Date(Date.now() - DAY_MS), 0x2c)).toEqual([]);
    });

    test.each(['', '../../etc/passwd', HELLO_DIGEST.toUpperCase(), `${HELLO_DIGEST}0`])(
      'what is no digest is refused: %j',
      async (digest) => {
        await expect(blobs.get(digest)).rejects.toThrow(InvalidDigestError);
        await expect(blobs.has(digest)).rejects.toThrow(InvalidDigestError);
        await expect(blobs.delete(digest)).rejects.toThrow(InvalidDigestError);
      },
    );

    test('a digest is that of the bytes, whatever they are', async () => {
      const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
      expect(await blobs.put(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    });
  });
}
