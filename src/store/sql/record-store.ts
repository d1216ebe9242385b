import type { RecordStore } from '../records.js';
import { auditLog } from './audit.js';
import { bankRecords } from './banks.js';
import { findingRecords } from './findings.js';
import { memberStore } from './members.js';
import { notificationStore } from './notifications.js';
import { policyVersions } from './policy-versions.js';
import { purgeRecords } from './purge.js';
import { standingRecords } from './standings.js';
import { readingStore } from './readings.js';
import { reviewQueue } from './review-queue.js';
import { taskLists } from './task-lists.js';
import type { Db } from './tables.js';
import { taskRecords } from './tasks.js';
import { resultRecords } from './results.js';
import { verdictRecords } from './verdicts.js';

/** The record store on a database that has the newest schema; the queries are the same on every engine. `close` ends the use of it. */
export function createRecordStore(db: Db, close: () => Promise<void>): RecordStore {
  return {
    ...taskRecords(db),
    ...taskLists(db),
    ...verdictRecords(db),
    ...resultRecords(db),
    ...standingRecords(db),
    ...findingRecords(db),
    ...purgeRecords(db),
    notifications: notificationStore(db),
    banks: bankRecords(db),
    queue: reviewQueue(db),
    readings: readingStore(db),
    audit: auditLog(db),
    members: memberStore(db),
    policies: policyVersions(db),
    close,
  };
}
