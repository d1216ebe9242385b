import { type RawBuilder, sql } from 'kysely';
import type { ReviewLevel } from '../../schema/review-rules.js';
import { SCENES } from '../../schema/scene.js';
import { TaskNotFoundError } from '../records.js';
import type { NewQueueState, QueueCounts, QueueEntry, ReviewQueue } from '../review-queue.js';
import type { QueueTable } from './console-tables.js';
import { notOver, queuePages, stepAt } from './queue-pages.js';
import { qualityEntries } from './queue-quality.js';
import { claimOf, rowOf, subjectOf, toEntry } from './queue-rows.js';
import type { Db } from './tables.js';
import { inTask, millisecondsOf, storableText } from './transaction.js';

/**
 * The queue on a database that has the newest schema.
 * @param now milliseconds since 1970
 */
export function reviewQueue(db: Db, now: () => number = Date.now): ReviewQueue {
  const rowOfTask = (from: Db, taskId: string) =>
    from.selectFrom('review_queue').selectAll().where('task_id', '=', taskId).executeTakeFirst();
  const find = async (taskId: string): Promise<QueueEntry | null> => {
    const nowMs = now();
    const row = await rowOfTask(db, taskId);
    if (row === undefined || (row.kind === 'quality' && row.due_ms <= nowMs)) return null;
    return toEntry(row, nowMs);
  };
  return {
    ...queuePages(db, now),
    ...qualityEntries(db, now),
    find,

    async put({ taskId, kind, sequence, ...state }) {
      await inTask(db, taskId, async (transaction) => {
        if (!(await takePlace(transaction, taskId, sequence, 'state'))) return;
        const shown = await rowOfTask(transaction, taskId);
        const claim = laterOf(state.claim, shown === undefined ? null : claimOf(shown));
        const row = rowOf(await subjectOf(transaction, taskId, kind), kind, { ...state, claim });
        await transaction
          .insertInto('review_queue')
          .values(row)
          .onConflict((conflict) => conflict.column('task_id').doUpdateSet(row))
          .execute();
      });
    },

    async remove(taskId, sequence) {
      try {
        await inTask(db, taskId, async (transaction) => {
          if (!(await takePlace(transaction, taskId, sequence, 'removal'))) return;
          await transaction
            .deleteFrom('review_queue')
            .where('task_id', '=', taskId)
            .where('kind', '<>', 'quality')
            .execute();
        });
      } catch (error) {
        // With the task its entry went, and nothing more comes of it.
        if (!(error instanceof TaskNotFoundError)) throw error;
      }
    },

    async counts(projects) {
      if (projects?.length === 0) return countsOf([]);
      const nowMs = now();
      const { rows } = await sql<CountRow>`
        select project, level, scenes, ${stepAt(nowMs)} as step_now, count(*) as entries, min(opened_ms) as oldest_ms
        from review_queue where ${ofProjects(projects)} and ${notOver(nowMs)} group by project, level, scenes, step_now`.execute(
        db,
      );
      return countsOf(rows);
    },

    async waitingSince(projects, instants) {
      if (projects?.length === 0 || instants.length === 0) return instants.map(() => 0);
      const nowMs = now();
      const sums = instants.map((instant, nth) => {
        const isBefore = sql`opened_ms < ${millisecondsOf(instant)}`;
        return sql`coalesce(sum(case when ${isBefore} then 1 else 0 end), 0) as ${sql.id(`before_${nth}`)}`;
      });
      const { rows } = await sql<Record<string, number>>`
        select ${sql.join(sums)} from review_queue
        where ${ofProjects(projects)} and ${notOver(nowMs)} and ${stepAt(nowMs)} = 'waiting'`.execute(db);
      return instants.map((_, nth) => rows[0]?.[`before_${nth}`] ?? 0);
    },

    async renew(taskId, claimId, until) {
      const untilMs = millisecondsOf(until);
      const nowMs = now();
      await db
        .updateTable('review_queue')
        .set({
          claim_until: until,
          claim_until_ms: untilMs,
          free_ms: sql<number>`free_ms + ${untilMs} - claim_until_ms`,
        })
        .where('task_id', '=', taskId)
        .where('claim_id', '=', storableText(claimId))
        .where('step', '=', 'claimed')
        .where('claim_until_ms', '<', untilMs)
        .where('free_ms', '>', nowMs)
        .execute();
      const entry = await find(taskId);
      return entry?.claim?.claimId === storableText(claimId) ? entry.claim : null;
    },

    async claimOf(taskId) {
      return (await find(taskId))?.claim ?? null;
    },
  };
}

const ofProjects = (projects: readonly string[] | null): RawBuilder<unknown> =>
  projects === null ? sql`true` : sql`project in (${sql.join([...projects])})`;

/** Takes note of the place of a state or removal; `false`: a later one was there before, or this one. */
async function takePlace(db: Db, taskId: string, sequence: number, what: 'state' | 'removal'): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('review_places')
    .values({ task_id: taskId, sequence, quality_ms: null })
    .onConflict((conflict) =>
      conflict
        .column('task_id')
        .doUpdateSet({ sequence })
        .where((where) =>
          where.or([
            where('review_places.sequence', 'is', null),
            where('review_places.sequence', what === 'state' ? '<' : '<=', sequence),
          ]),
        ),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** A lease that was renewed meanwhile stays as it was renewed. */
function laterOf(given: NewQueueState['claim'], shown: NewQueueState['claim']): NewQueueState['claim'] {
  if (given === null || shown?.claimId !== given.claimId) return given;
  return millisecondsOf(shown.until) > millisecondsOf(given.until) ? shown : given;
}

interface CountRow extends Pick<QueueTable, 'project' | 'level' | 'scenes'> {
  step_now: QueueTable['step'];
  entries: number;
  oldest_ms: number;
}

function countsOf(rows: readonly CountRow[]): QueueCounts {
  const countWhere = (isCounted: (row: CountRow) => boolean): number =>
    rows.reduce((sum, row) => sum + (isCounted(row) ? row.entries : 0), 0);
  const waiting = rows.filter(({ step_now }) => step_now === 'waiting');
  const ofScene = SCENES.map(
    (scene) => [scene, waiting.filter(({ scenes }) => scenes.includes(` ${scene} `))] as const,
  );
  const byProject: Record<string, number> = {};
  for (const { project, entries } of waiting) byProject[project] = (byProject[project] ?? 0) + entries;
  const ofLevel = (wanted: ReviewLevel): number =>
    countWhere(({ step_now, level }) => step_now === 'waiting' && level === wanted);
  const oldestMs = Math.min(...waiting.map(({ oldest_ms }) => oldest_ms));
  return {
    waiting: countWhere(({ step_now }) => step_now === 'waiting'),
    claimed: countWhere(({ step_now }) => step_now === 'claimed'),
    escalated: countWhere(({ step_now, level }) => step_now !== 'held' && level === 'lead'),
    byScene: Object.fromEntries(
      ofScene
        .filter(([, found]) => found.length > 0)
        .map(([scene, found]) => [scene, found.reduce((sum, { entries }) => sum + entries, 0)]),
    ),
    byProject,
    byLevel: { reviewer: ofLevel('reviewer'), lead: ofLevel('lead') },
    oldestOpenedAt: waiting.length === 0 ? null : new Date(oldestMs).toISOString(),
  };
}
