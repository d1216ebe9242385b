import { createHash } from 'node:crypto';
import type { Insertable, Kysely, Selectable } from 'kysely';
import { durationMs } from '../../domain/duration.js';
import { MACHINE_ORIGINS } from '../../domain/judged.js';
import type { Claim, ReviewNote } from '../../schema/review.js';
import type { Scene } from '../../schema/scene.js';
import type { Verdict } from '../../schema/verdict.js';
import { type TaskRecord, TaskNotFoundError } from '../records.js';
import type { QueueEntry, QueueKind, QueueState } from '../review-queue.js';
import type { QueueTable } from './console-tables.js';
import type { Db, TextType } from './tables.js';
import { TASK_COLUMNS, toRecord } from './tasks.js';
import { millisecondsOf, storableText } from './transaction.js';

/** The last instant that there is a date for, in milliseconds since 1970. */
export const NEVER_MS = 8_640_000_000_000_000;

/** How long a workflow may say nothing of a lease that is over, in milliseconds: it does so within seconds, unless nobody works on it or it knows of no such lease. */
const SILENT_MS = 120_000;

/** What waits for a person, and how far the states of its review have come. Each order of the queue is one range of an index, of all projects or of one. */
export async function createReviewQueue({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('review_queue')
    .addColumn('task_id', text, (column) =>
      column.primaryKey().notNull().references('tasks.task_id').onDelete('cascade'),
    )
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('project', text, (column) => column.notNull())
    .addColumn('task_type', text, (column) => column.notNull())
    .addColumn('uri', text, (column) => column.notNull())
    .addColumn('scenes', text, (column) => column.notNull())
    .addColumn('mildness', 'double precision', (column) => column.notNull())
    .addColumn('tags', text, (column) => column.notNull())
    .addColumn('tag_marks', text, (column) => column.notNull())
    .addColumn('step', text, (column) => column.notNull())
    .addColumn('level', text, (column) => column.notNull())
    .addColumn('claim_id', text)
    .addColumn('claimant', text)
    .addColumn('claim_until', text)
    .addColumn('claim_until_ms', 'bigint')
    .addColumn('readers', text, (column) => column.notNull())
    .addColumn('reader_marks', text, (column) => column.notNull())
    .addColumn('due_at', text)
    .addColumn('due_ms', 'bigint', (column) => column.notNull())
    .addColumn('opened_at', text, (column) => column.notNull())
    .addColumn('opened_ms', 'bigint', (column) => column.notNull())
    .addColumn('free_ms', 'bigint', (column) => column.notNull())
    .execute();
  for (const [name, columns] of [
    ['due', ['due_ms', 'task_id']],
    ['severity', ['mildness', 'opened_ms', 'task_id']],
    ['age', ['opened_ms', 'task_id']],
  ] as const) {
    await schema
      .createIndex(`review_queue_by_${name}`)
      .on('review_queue')
      .columns([...columns])
      .execute();
    await schema
      .createIndex(`review_queue_of_project_by_${name}`)
      .on('review_queue')
      .columns(['project', ...columns])
      .execute();
  }
  await schema
    .createTable('review_places')
    .addColumn('task_id', text, (column) =>
      column.primaryKey().notNull().references('tasks.task_id').onDelete('cascade'),
    )
    .addColumn('sequence', 'bigint')
    .addColumn('quality_ms', 'bigint')
    .execute();
}

/** Keeps what whoever reads a task next is told. */
export async function addNotes({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema.alterTable('review_queue').addColumn('notes', text).execute();
}

/** Words with a space before and after each, so that one is found by LIKE on every engine. */
export const marksOf = (words: readonly string[]): string => (words.length === 0 ? '' : ` ${words.join(' ')} `);

/** Stands for any text in marks: LIKE takes upper for lower case on SQLite, and has signs of its own. */
export const digestMark = (...text: string[]): string =>
  createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 32);

/** What of a task the queue shows: its record and verdict, the latest one, or of a quality reading the one that nobody had decided yet. */
export async function subjectOf(
  db: Db,
  taskId: string,
  kind: QueueKind,
): Promise<{ task: TaskRecord; verdict: Verdict | null }> {
  const task = await db.selectFrom('tasks').select(TASK_COLUMNS).where('task_id', '=', taskId).executeTakeFirst();
  if (task === undefined) throw new TaskNotFoundError(taskId);
  let verdicts = db.selectFrom('verdicts').select('verdict').where('task_id', '=', taskId);
  if (kind === 'quality') verdicts = verdicts.where('origin', 'in', MACHINE_ORIGINS);
  const row = await verdicts.orderBy('revision', 'desc').limit(1).executeTakeFirst();
  return { task: toRecord(task), verdict: row === undefined ? null : (JSON.parse(row.verdict) as Verdict) };
}

/** When a quality reading is over that began to wait at this instant: as if its task had just come. */
export function qualityDueAt({ request }: TaskRecord, openedAt: string): string {
  return new Date(millisecondsOf(openedAt) + durationMs(request.policy.review.deadline)).toISOString();
}

/** The row of an entry. */
export function rowOf(
  { task, verdict }: { task: TaskRecord; verdict: Verdict | null },
  kind: QueueKind,
  { step, level, claim, readers, notes, dueAt, openedAt }: QueueState & { openedAt: string },
): Insertable<QueueTable> {
  const { taskId, projectName, taskType, source, tags } = task.request;
  return {
    task_id: taskId,
    kind,
    project: projectName,
    task_type: taskType,
    uri: storableText(source.uri),
    scenes: marksOf(verdict?.categories ?? []),
    mildness: 0 - (verdict === null ? 0 : severityOf(verdict)),
    tags: JSON.stringify(tags),
    tag_marks: marksOf(Object.entries(tags).map((tag) => digestMark(...tag))),
    step,
    level,
    ...claimColumns(claim),
    readers: JSON.stringify(readers),
    reader_marks: marksOf(readers.map((reader) => digestMark(reader))),
    notes: notes === undefined ? null : storableText(JSON.stringify(notes)),
    due_at: dueAt,
    due_ms: dueAt === null ? NEVER_MS : millisecondsOf(dueAt),
    opened_at: openedAt,
    opened_ms: millisecondsOf(openedAt),
    free_ms: freeMs(step, claim),
  };
}

/** 0–100: what justifies the verdict, or where nothing does, as in one to pass that somebody appealed against, the most that was found. */
function severityOf({ blockFrames, findings = [] }: Verdict): number {
  if (blockFrames.length > 0) return Math.max(...blockFrames.map(({ rate }) => rate));
  return Math.round(100 * Math.max(0, ...findings.map(({ score }) => score)));
}

function freeMs(step: QueueState['step'], claim: Claim | null): number {
  if (step === 'waiting') return 0;
  return claim === null ? NEVER_MS : millisecondsOf(claim.until) + SILENT_MS;
}

type ClaimColumns = Pick<QueueTable, 'claim_id' | 'claimant' | 'claim_until' | 'claim_until_ms'>;

/** What of a row is a lease. */
export function claimColumns(claim: Claim | null): ClaimColumns {
  return {
    claim_id: claim === null ? null : storableText(claim.claimId),
    claimant: claim === null ? null : storableText(claim.reviewer),
    claim_until: claim?.until ?? null,
    claim_until_ms: claim === null ? null : millisecondsOf(claim.until),
  };
}

/** The lease of a row. */
export function claimOf({ claim_id, claimant, claim_until }: Omit<ClaimColumns, 'claim_until_ms'>): Claim | null {
  if (claim_id === null || claimant === null || claim_until === null) return null;
  return { claimId: claim_id, reviewer: claimant, until: claim_until };
}

/**
 * An entry from its row, at this time: the lease of a quality reading that is over is none, and one that its workflow is silent about. Who has decided holds
 * none; of a quality reading its row knows by the lease which decision that was.
 */
export function toEntry(row: Selectable<QueueTable>, nowMs: number): QueueEntry {
  const isOver = row.step !== 'waiting' && row.free_ms <= nowMs;
  return {
    taskId: row.task_id,
    kind: row.kind,
    project: row.project,
    taskType: row.task_type,
    uri: row.uri,
    scenes: row.scenes.split(' ').filter((scene): scene is Scene => scene !== ''),
    severity: 0 - row.mildness,
    tags: JSON.parse(row.tags) as Record<string, string>,
    step: isOver ? 'waiting' : row.step,
    level: row.level,
    claim: isOver || row.step === 'held' ? null : claimOf(row),
    readers: JSON.parse(row.readers) as string[],
    ...(row.notes !== null && { notes: JSON.parse(row.notes) as ReviewNote[] }),
    dueAt: row.due_at,
    openedAt: row.opened_at,
  };
}
