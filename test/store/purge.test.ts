import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlobDirectory } from '../../src/store/blob-directory.js';
import type { BlobStore } from '../../src/store/blobs.js';
import { purgeEndedBefore, sweepBlobs } from '../../src/store/purge.js';
import type { RecordStore } from '../../src/store/records.js';
import { openRecordStore } from '../../src/store/sqlite/open-record-store.js';
import { makeRequest } from './make-records.js';
import { collected, purgeTasks } from './purging.js';

const INSTANT = '2026-02-01T00:00:00.000Z';

/** No workflow stands behind any task, and nobody stops the purge. */
const ALL = { isOpen: () => Promise.resolve(false), step: () => undefined };

let directory: string;
let records: RecordStore;
let blobs: BlobStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-purge-'));
  records = await openRecordStore(join(directory, 'records.db'));
  blobs = await openBlobDirectory(join(directory, 'blobs'));
});
afterEach(async () => {
  await records.close();
  await rm(directory, { recursive: true, force: true });
});

async function putInJanuary(text: string): Promise<string> {
  const digest = await blobs.put(Buffer.from(text));
  const then = new Date('2026-01-01');
  await utimes(join(directory, 'blobs', digest.slice(0, 2), digest.slice(2)), then, then);
  return digest;
}

/** A task that ended in January with one blob of observations, stored then. */
async function addOldTask(taskId: string, observations: string): Promise<string> {
  const digest = await putInJanuary(observations);
  await records.createTask(makeRequest(taskId), '2026-01-01T00:00:00.000Z');
  await records.recordObservations(taskId, 0, [{ from: 0, to: 9, digest }]);
  await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: '2026-01-01T00:01:00.000Z' });
  return digest;
}

test('the blobs of purged tasks are deleted, once', async () => {
  const [one, two] = [await addOldTask('one', 'a'), await addOldTask('two', 'b')];
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(2);
  expect([await blobs.has(one), await blobs.has(two)]).toEqual([false, false]);
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(0);
});

test('a blob that a running task has just put again is kept for it', async () => {
  const digest = await addOldTask('old', 'a');
  await records.createTask(makeRequest('running'), '2026-03-01T00:00:00.000Z');
  await blobs.put(Buffer.from('a'));
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(0);
  await records.recordObservations('running', 0, [{ from: 0, to: 9, digest }]);
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(0);
  expect(await blobs.get(digest)).toEqual(Buffer.from('a'));
});

test('a purge that was interrupted before it deleted blobs is completed by the next', async () => {
  const digest = await addOldTask('old', 'a');
  await purgeTasks(records, INSTANT);
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(1);
  expect(await blobs.has(digest)).toBe(false);
});

test('of tasks that ended before, those whose workflow is open stay, however many there are', async () => {
  const digests = await Promise.all(['reopened', 'old'].map((taskId) => addOldTask(taskId, taskId)));
  // One with its blobs, and more besides than a statement takes parameters.
  const open = new Set(['reopened', ...Array.from({ length: 70_000 }, (_, n) => `open-${n}`)]);
  const isOpen = (taskId: string) => Promise.resolve(open.has(taskId));
  expect(await purgeEndedBefore(records, blobs, INSTANT, { ...ALL, isOpen })).toBe(1);
  expect([await records.findTask('reopened'), await records.findTask('old')]).toEqual([expect.anything(), null]);
  expect(await Promise.all(digests.map((digest) => blobs.has(digest)))).toEqual([true, false]);
});

test('a purge that is stopped keeps what it has done, and the next one goes on with it', async () => {
  for (let n = 0; n < 150; n++) await addOldTask(`old-${n}`, `blob ${n}`);
  let left = 40;
  const step = () => {
    if (left-- === 0) throw new Error('stopped');
  };
  await expect(purgeEndedBefore(records, blobs, INSTANT, { ...ALL, step })).rejects.toThrow('stopped');
  expect(await collected(records.endedBefore(INSTANT))).toEqual([]);
  expect((await collected(records.releasedDigests())).flat()).toHaveLength(150);
  expect(await purgeEndedBefore(records, blobs, INSTANT, ALL)).toBe(150);
  expect(await collected(records.releasedDigests())).toEqual([]);
});

test('old blobs that no record names are swept, those of tasks and new ones stay', async () => {
  const [discarded, named] = [await putInJanuary('of a segment decoded anew'), await addOldTask('one', 'a')];
  const fresh = await blobs.put(Buffer.from('of a task that runs'));
  const all = Array.from({ length: 256 }, (_, firstByte) => firstByte);
  expect(await sweepBlobs(records, blobs, INSTANT, ALL, all)).toBe(1);
  expect(await Promise.all([discarded, named, fresh].map((digest) => blobs.has(digest)))).toEqual([false, true, true]);
});

test('a sweep looks at the share of the blobs that it is given', async () => {
  const digest = await putInJanuary('a');
  const firstByte = parseInt(digest.slice(0, 2), 16);
  expect(await sweepBlobs(records, blobs, INSTANT, ALL, [(firstByte + 1) % 256])).toBe(0);
  expect(await sweepBlobs(records, blobs, INSTANT, ALL, [firstByte])).toBe(1);
});
