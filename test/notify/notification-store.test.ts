import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewNotification } from '../../src/store/notifications.js';
import { openRecordStore as openPostgres } from '../../src/store/postgres/open-record-store.js';
import type { RecordStore } from '../../src/store/records.js';
import { openRecordStore as openSqlite } from '../../src/store/sqlite/open-record-store.js';
import { newPostgres } from '../support/postgres.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-notifications-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let files = 0;
const engines: [string, () => Promise<RecordStore>][] = [
  ['SQLite', () => openSqlite(join(directory, `${++files}.db`))],
  ['Postgres', async () => openPostgres(await newPostgres())],
];

function make(id: string, given: Partial<NewNotification> = {}): NewNotification {
  return {
    id,
    taskId: 'VideoModeration-1',
    destination: { kind: 'topic', topic: 'results', instance: null, format: 'imm' },
    revision: Number.parseInt(id, 16),
    contentType: 'application/json',
    body: '{"text":"№\\u0000"}',
    createdAt: '2026-11-21T10:00:00.000Z',
    ...given,
  };
}

const at = (second: number): string => `2026-11-21T10:00:0${second}.000Z`;

describe.each(engines)('notifications in %s', (_, open) => {
  let records: RecordStore;
  beforeEach(async () => {
    records = await open();
  });
  afterEach(() => records.close());

  test('a message is kept once: what comes later under its id changes nothing', async () => {
    const { notifications } = records;
    await notifications.keep(make('1-a'));
    await notifications.keep(make('1-a', { body: 'other', revision: 7 }));
    expect(await notifications.find('1-a')).toEqual({
      ...make('1-a'),
      state: 'pending',
      attempts: 0,
      lastError: null,
      firstAttemptAt: null,
      lastAttemptAt: null,
    });
    expect(await notifications.find('1-b')).toBeNull();
  });

  test('attempts are counted, the first and the last are told, and what is delivered stays so', async () => {
    const { notifications } = records;
    await notifications.keep(make('1-a'));
    await notifications.attempted('1-a', { at: at(1), state: 'pending', error: 'no\0thing' });
    await notifications.attempted('1-a', { at: at(2), state: 'delivered', error: null });
    await notifications.attempted('1-a', { at: at(3), state: 'dead', error: 'late' });
    expect(await notifications.find('1-a')).toMatchObject({
      state: 'delivered',
      attempts: 2,
      lastError: 'no\uFFFDthing',
      firstAttemptAt: at(1),
      lastAttemptAt: at(2),
    });
  });

  test('a message that is asked for again is as one that was never tried, and says the same', async () => {
    const { notifications } = records;
    await notifications.keep(make('1-a'));
    await notifications.attempted('1-a', { at: at(1), state: 'dead', error: 'gone' });
    expect(await notifications.renew('1-a')).toBe(true);
    expect(await notifications.find('1-a')).toMatchObject({
      ...make('1-a'),
      state: 'pending',
      attempts: 0,
      firstAttemptAt: null,
    });
    expect(await notifications.renew('1-b')).toBe(false);
  });

  test('lists are of a state or of ids that begin alike, the newest first, and as long as asked', async () => {
    const { notifications } = records;
    for (const [index, id] of ['1-a', '1-b', '2-a', '2-z'].entries())
      await notifications.keep(make(id, { revision: index, createdAt: at(index) }));
    await notifications.attempted('1-b', { at: at(5), state: 'dead', error: 'gone' });
    const ids = async (filter: Parameters<typeof notifications.list>[0]): Promise<string[]> =>
      (await notifications.list(filter)).map(({ id }) => id);
    expect(await ids({ limit: 3 })).toEqual(['2-z', '2-a', '1-b']);
    expect(await ids({ limit: 9, state: 'dead' })).toEqual(['1-b']);
    expect(await ids({ limit: 9, beginning: '2-' })).toEqual(['2-z', '2-a']);
    expect(await ids({ limit: 9, beginning: '1-a' })).toEqual(['1-a']);
    expect((await notifications.list({ limit: 1 }))[0]).not.toHaveProperty('body');
  });

  test('messages go with what is purged, by the time when they were made', async () => {
    const { notifications } = records;
    await notifications.keep(make('1-a', { createdAt: at(1) }));
    await notifications.keep(make('2-a', { createdAt: at(2) }));
    await notifications.purgeBefore(at(2));
    expect([await notifications.find('1-a'), (await notifications.find('2-a'))?.id]).toEqual([null, '2-a']);
  });
});
