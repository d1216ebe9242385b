import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemberSettings } from '../../src/schema/member.js';
import { purgeConsole } from '../../src/store/purge-console.js';
import type { RecordStore } from '../../src/store/records.js';
import { openRecordStore } from '../../src/store/sqlite/open-record-store.js';
import { digestOf } from './make-records.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const daysAgo = (days: number): string => new Date(NOW_MS - days * 24 * 3_600_000).toISOString();

let directory: string;
let records: RecordStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-purge-console-'));
  records = await openRecordStore(join(directory, 'records.db'));
});
afterEach(async () => {
  await records.close();
  await rm(directory, { recursive: true, force: true });
});

async function addEvent(at: string): Promise<void> {
  const nobody = { address: null, project: null, taskId: null, detail: {} };
  await records.audit.append([{ eventId: at, kind: 'signed-in', at, actor: 'ada', ...nobody }]);
}

async function addReading(readAt: string): Promise<void> {
  await records.readings.keep({
    ...{ readingId: readAt, taskId: 'task', project: 'mine', reviewer: 'ada', kind: 'first', scenes: [] },
    ...{ machine: 'review', person: 'pass', reasonCode: null, policyDigest: 'one', readAt, waitedMs: 1 },
  });
}

test('events and readings are kept for 400 days, and the chain of what is left is whole', async () => {
  for (const days of [401, 399, 8]) {
    await addEvent(daysAgo(days));
    await addReading(daysAgo(days));
  }
  for (let twice = 0; twice < 2; twice++) await purgeConsole(records, NOW_MS);
  const rows = await records.audit.page({ limit: 10 });
  expect(rows.map(({ at }) => at)).toEqual([daysAgo(8), daysAgo(399)]);
  expect(await records.audit.verify()).toMatchObject({ outcome: 'whole', rows: 2, from: 2 });
  const readings = await records.readings.ofTask('task');
  expect(readings.map(({ readAt }) => readAt)).toEqual([daysAgo(399), daysAgo(8)]);
});

test('sessions, links, sign-ins that failed and time with severe material go a week after they were over', async () => {
  const { members } = records;
  const settings = MemberSettings.parse({});
  const signIn = { hasPassword: false, passwordHash: null, subject: 'ada' };
  const member = {
    name: 'ada',
    role: 'reviewer',
    projects: null,
    settings,
    createdAt: daysAgo(30),
    isDisabled: false,
  } as const;
  await members.create({ ...member, ...signIn });
  const long = daysAgo(30);
  const [gone, left] = [daysAgo(8), daysAgo(6)];
  const purpose = { purpose: 'join', name: null, role: 'lead', projects: null } as const;
  for (const at of [gone, left]) {
    const times = { createdAt: long, seenAt: long, expiresAt: at };
    await members.openSession({ tokenDigest: at, member: 'ada', address: '192.0.2.1', ...times });
    await members.keepLink({ digest: digestOf(at), ...purpose, expiresAt: at });
    await members.countFailure([at], at, at);
    await members.addExposure({ name: 'ada', at, seconds: 10, since: at });
  }
  await purgeConsole(records, NOW_MS);
  const known = async (at: string) => [
    (await members.findSession(at, long)) !== null,
    (await members.findLink(digestOf(at), long)) !== null,
    await members.failuresSince([at], long),
  ];
  expect([await known(gone), await known(left)]).toEqual([
    [false, false, 0],
    [true, true, 1],
  ]);
  expect(await members.exposureSince('ada', long)).toBe(10);
  expect(await members.find('ada')).not.toBeNull();
});
