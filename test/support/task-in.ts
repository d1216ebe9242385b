import { randomUUID } from 'node:crypto';
import type { RecordStore } from '../../src/store/records.js';
import { makeRequest, makeRevision } from '../store/make-records.js';

/** Puts a task of this project into the queue as its workflow would show it, where no workflow is needed. */
export async function taskIn(records: RecordStore, projectName: string): Promise<string> {
  const taskId = `VideoModeration-${randomUUID()}`;
  const openedAt = new Date().toISOString();
  await records.createTask(makeRequest(taskId, { projectName }), openedAt);
  await records.appendRevision(makeRevision(taskId));
  const state = { step: 'waiting', level: 'reviewer', claim: null } as const;
  const dueAt = new Date(Date.now() + 3_600_000).toISOString();
  await records.queue.put({ taskId, kind: 'review', ...state, readers: [], dueAt, openedAt, sequence: 1 });
  return taskId;
}
