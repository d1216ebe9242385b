import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logAuditHeads } from '../../src/cli/log-audit-heads.js';
import type { RecordStore } from '../../src/store/records.js';
import { openRecordStore } from '../../src/store/sqlite/open-record-store.js';
import { eventually } from '../support/cli.js';

type Entry = Record<string, unknown> & { message: string };

let directory: string;
let records: RecordStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-heads-'));
  records = await openRecordStore(join(directory, 'records.db'));
});
afterEach(async () => {
  await records.close();
  await rm(directory, { recursive: true, force: true });
});

/** Logs heads this often; what is logged, and how to end it. */
function logging(everyMs?: number): { entries: Entry[]; stop: () => void } {
  const entries: Entry[] = [];
  const log = (message: string, fields: Record<string, unknown> = {}) => {
    entries.push({ message, ...fields });
  };
  return { entries, stop: logAuditHeads({ records, log }, everyMs) };
}

const append = (eventId: string) =>
  records.audit.append([
    {
      eventId,
      kind: 'signed-in',
      at: '2026-01-01T00:00:00Z',
      actor: 'ada',
      address: null,
      project: null,
      taskId: null,
      detail: {},
    },
  ]);

test('the head of the audit record is logged at once, so that what came before can be checked against it', async () => {
  const head = await append('one');
  const { entries, stop } = logging();
  await eventually(() => entries.length > 0, 'the head to be logged');
  stop();
  expect(entries).toEqual([{ message: 'Head of the audit record', sequence: 1, digest: head.digest }]);
  await append('two');
  expect(await records.audit.verify([{ sequence: 1, digest: head.digest }])).toMatchObject({ outcome: 'whole' });
  expect(await records.audit.verify([{ sequence: 1, digest: 'f'.repeat(64) }])).toMatchObject({ outcome: 'broken' });
});

test('the head is logged again and again as it is then, until that is ended', async () => {
  const first = logging(5);
  await eventually(() => first.entries.length > 1, 'the head to be logged twice');
  await append('one');
  await eventually(() => first.entries.at(-1)?.['sequence'] === 1, 'the new head to be logged');
  first.stop();
  const other = logging(5);
  await eventually(() => other.entries.length > 1, 'what was under way to be through');
  const logged = first.entries.length;
  const seen = other.entries.length;
  await eventually(() => other.entries.length > seen + 3, 'others to log on');
  other.stop();
  expect(first.entries).toHaveLength(logged);
});

test('while the head cannot be read that is logged, as a warning', async () => {
  await records.close();
  const { entries, stop } = logging();
  await eventually(() => entries.length > 0, 'the trouble to be logged');
  stop();
  expect(entries).toEqual([
    { message: 'The head of the audit record could not be read', level: 'warn', error: expect.any(String) as string },
  ]);
  records = await openRecordStore(join(directory, 'records.db'));
});
