import { openNonces } from '../../../src/store/postgres/open-nonces.js';
import { newPostgres } from '../../support/postgres.js';

test('of several users of a nonce, in several processes, exactly one is told that it is new, also later', async () => {
  const url = await newPostgres();
  const stores = [await openNonces(url), await openNonces(url)];
  const told = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => stores[index % 2]?.use('key', 'nonce', Date.now() + 60_000)),
  );
  expect(told.filter(Boolean)).toHaveLength(1);
  await Promise.all(stores.map((store) => store.close()));
  const again = await openNonces(url);
  expect(await again.use('key', 'nonce', Date.now() + 60_000)).toBe(false);
  expect(await again.use('other key', 'nonce', Date.now() + 60_000)).toBe(true);
  await again.close();
});

test('what has expired is forgotten, and may then be used again', async () => {
  let now = 1_000_000;
  const nonces = await openNonces(await newPostgres(), () => now);
  await nonces.use('key', 'old', now + 1);
  now += 10;
  for (let index = 0; index < 200; index++) await nonces.use('key', String(index), now + 60_000);
  expect(await nonces.use('key', 'old', now + 1)).toBe(true);
  expect(await nonces.use('key', '7', now + 60_000)).toBe(false);
  await nonces.close();
});
