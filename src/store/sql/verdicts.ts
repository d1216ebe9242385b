import type { Selectable } from 'kysely';
import type { Origin, Revision, Verdict } from '../../schema/verdict.js';
import { type RecordStore, SupersedesPersonError } from '../records.js';
import type { Db, VerdictTable } from './tables.js';
import { inTask, storableText } from './transaction.js';

const BY_PERSON: ReadonlySet<Origin> = new Set(['person', 'appeal']);

/** A revision from its row. */
export function toRevision(row: Omit<Selectable<VerdictTable>, 'task_id' | 'suggestion'>): Revision {
  return {
    revision: row.revision,
    origin: row.origin,
    verdict: JSON.parse(row.verdict) as Verdict,
    recordedAt: row.recorded_at,
    reviewer: row.reviewer,
    reason: row.reason,
    decisionId: row.decision_id,
  };
}

/** What people and clients wrote, as every engine keeps it. */
function storable<T extends Omit<Revision, 'revision'>>(revision: T): T {
  const [reviewer, reason] = [revision.reviewer, revision.reason].map((text) => text && storableText(text));
  return { ...revision, reviewer, reason, decisionId: storableText(revision.decisionId) };
}

/** The part of the record store that keeps verdicts. */
export function verdictRecords(db: Db): Pick<RecordStore, 'appendRevision' | 'latestRevision' | 'revisions'> {
  const ofTask = (from: Db, taskId: string) => from.selectFrom('verdicts').selectAll().where('task_id', '=', taskId);
  const latest = (from: Db, taskId: string) =>
    ofTask(from, taskId).orderBy('revision', 'desc').limit(1).executeTakeFirst();

  return {
    async appendRevision({ taskId, ...revision }) {
      const given = storable(revision);
      return await inTask(db, taskId, async (transaction) => {
        const same = await ofTask(transaction, taskId).where('decision_id', '=', given.decisionId).executeTakeFirst();
        if (same !== undefined) return toRevision(same);

        const previous = await latest(transaction, taskId);
        if (previous !== undefined && BY_PERSON.has(previous.origin) && !BY_PERSON.has(given.origin)) {
          throw new SupersedesPersonError(taskId, given.origin, previous.revision);
        }
        const row = {
          task_id: taskId,
          revision: (previous?.revision ?? 0) + 1,
          origin: given.origin,
          suggestion: given.verdict.suggestion,
          verdict: JSON.stringify(given.verdict),
          recorded_at: given.recordedAt,
          reviewer: given.reviewer,
          reason: given.reason,
          decision_id: given.decisionId,
        };
        await transaction.insertInto('verdicts').values(row).execute();
        return toRevision(row);
      });
    },

    async latestRevision(taskId) {
      const row = await latest(db, taskId);
      return row === undefined ? null : toRevision(row);
    },

    async revisions(taskId) {
      const rows = await ofTask(db, taskId).orderBy('revision').execute();
      return rows.map(toRevision);
    },
  };
}
