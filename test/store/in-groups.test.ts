import { inGroups } from '../../src/store/sql/in-groups.js';

/** A write that ends when it is told to; each is one call. */
function slowWrite() {
  const calls: { items: readonly number[]; end: () => void }[] = [];
  const write = inGroups(async (items: readonly number[]) => {
    await new Promise<void>((resolve) => calls.push({ items, end: resolve }));
    if (items.includes(0)) throw new Error('Nothing is written of 0.');
    return items.length;
  });
  /** The next call there is, once it is there. */
  const next = async () => {
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const call = calls.shift()!;
    call.end();
    return call.items;
  };
  return { write, next, calls };
}

test('what comes while a write is under way goes into the next one, in its order, and all are answered alike', async () => {
  const { write, next, calls } = slowWrite();
  const first = write([1]);
  const later = [write([2, 3]), write([4])];
  expect(await next()).toEqual([1]);
  expect(await first).toBe(1);
  expect(await next()).toEqual([2, 3, 4]);
  expect(await Promise.all(later)).toEqual([3, 3]);
  const last = write([5]);
  expect(await next()).toEqual([5]);
  expect(await last).toBe(1);
  expect(calls).toEqual([]);
});

test('where a group fails each is written by itself, and only whose fails is told so', async () => {
  const { write, next } = slowWrite();
  const answers = Promise.allSettled([write([1]), write([2]), write([0]), write([3])]);
  const written = [];
  for (let n = 0; n < 5; n++) written.push(await next());
  expect(written).toEqual([[1], [2, 0, 3], [2], [0], [3]]);
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
