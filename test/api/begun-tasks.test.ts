import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BegunTasks } from '../../src/api/imm/begun-tasks.js';
import type { RecordStore } from '../../src/store/records.js';
import { openRecordStore } from '../../src/store/sqlite/open-record-store.js';
import { makeRequest } from '../store/make-records.js';

let directory: string;
let records: RecordStore;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-begun-'));
  records = await openRecordStore(join(directory, 'records.db'));
});
afterAll(async () => {
  await records.close();
  await rm(directory, { recursive: true, force: true });
});

const AT = '2026-01-01T00:00:00.000Z';
const record = (taskId: string) => records.createTask({ ...makeRequest(taskId), projectName: 'demo' }, AT);
const end = (taskId: string) =>
  records.endTask(taskId, { status: 'Failed', code: 'Cancelled', message: '', endTime: AT });

test('a project has no more open tasks than it may, recorded or not, whatever comes at once', async () => {
  let now = 10_000;
  const begun = new BegunTasks(records, () => now);
  const reserve = (taskId: string) => begun.reserve('demo', taskId, 3);
  const asked = ['a', 'b', 'c', 'd', 'e'];
  expect(await Promise.all(asked.map(reserve))).toEqual([true, true, true, false, false]);
  expect(await begun.reserve('other', 'x', 1)).toBe(true);

  for (const taskId of ['a', 'b']) await record(taskId);
  now += 1000;
  expect(await reserve('d')).toBe(false);
  await end('b');
  now += 1000;
  expect(await reserve('d')).toBe(true);
  expect(await reserve('e')).toBe(false);
  begun.release('demo', 'd');
  expect(await reserve('e')).toBe(true);
});

test('a task that is never recorded counts for a day', async () => {
  let now = 10_000;
  const begun = new BegunTasks(records, () => now);
  expect(await begun.reserve('lost', 'l', 1)).toBe(true);
  now += 23 * 3600 * 1000;
  expect(await begun.reserve('lost', 'm', 1)).toBe(false);
  now += 2 * 3600 * 1000;
  expect(await begun.reserve('lost', 'm', 1)).toBe(true);
});
