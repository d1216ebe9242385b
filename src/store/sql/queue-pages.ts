import { PostgresAdapter, type RawBuilder, type Selectable, sql } from 'kysely';
import { InvalidQueueQueryError, MAX_QUEUE_PAGE, type QueueQuery, type ReviewQueue } from '../review-queue.js';
import type { QueueTable } from './console-tables.js';
import { digestMark, toEntry } from './queue-rows.js';
import type { Db } from './tables.js';
import { millisecondsOf } from './transaction.js';

type Key = 'due_ms' | 'mildness' | 'opened_ms' | 'task_id';

/** What each order ascends along; each is an index, and one of a project. */
const KEYS: Record<QueueQuery['order'], readonly Key[]> = {
  deadline: ['due_ms', 'task_id'],
  severity: ['mildness', 'opened_ms', 'task_id'],
  age: ['opened_ms', 'task_id'],
};

/** Where an entry stands at this time: leases end by themselves, those that a workflow minds some minutes later. */
export const stepAt = (nowMs: number): RawBuilder<QueueTable['step']> =>
  sql`case when free_ms <= ${nowMs} then 'waiting' else step end`;

/** The part of the queue that looks for entries. */
export function queuePages(db: Db, now: () => number): Pick<ReviewQueue, 'page' | 'offer'> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  return {
    async page(query) {
      const { limit, order, after } = query;
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_QUEUE_PAGE)
        throw new InvalidQueueQueryError('limit', `a whole number from 1 to ${MAX_QUEUE_PAGE}`, limit);
      if (query.projects?.length === 0) return { entries: [], next: null };
      const nowMs = now();
      const conditions = conditionsOf(query, nowMs, isPostgres);
      if (query.steps !== undefined && query.steps.length > 0)
        conditions.push(sql`${stepAt(nowMs)} in (${sql.join([...query.steps])})`);
      if (after !== undefined) {
        const keys = sql.join(KEYS[order].map((key) => sql.ref(key)));
        conditions.push(sql`(${keys}) > (${sql.join(placeOf(order, after))})`);
      }
      const { rows } = await sql<Selectable<QueueTable>>`
        select * from review_queue where ${sql.join(conditions, sql` and `)}
        order by ${orderOf(order)} limit ${limit + 1}`.execute(db);
      const entries = rows.slice(0, limit);
      const last = entries.at(-1);
      return {
        entries: entries.map((row) => toEntry(row, nowMs)),
        next: rows.length > limit && last !== undefined ? cursorOf(order, last) : null,
      };
    },

    async offer(query, { reviewer, level, forMs }) {
      if (query.projects?.length === 0) return null;
      const nowMs = now();
      const conditions = [
        ...conditionsOf(query, nowMs, isPostgres),
        sql`free_ms <= ${nowMs}`,
        sql`reader_marks not like ${`% ${digestMark(reviewer)} %`}`,
        ...(level === 'lead' ? [] : [sql`level = 'reviewer'`]),
      ];
      // Postgres: who comes at the same time takes the next one; SQLite lets one statement write at a time.
      const { rows } = await sql<Selectable<QueueTable>>`
        update review_queue set free_ms = ${nowMs + forMs},
          -- Of a lease that is over.
          step = 'waiting', claim_id = null, claimant = null, claim_until = null, claim_until_ms = null
        where task_id = (
          select task_id from review_queue where ${sql.join(conditions, sql` and `)}
          order by ${orderOf(query.order)} limit 1 ${sql.raw(isPostgres ? 'for update skip locked' : '')})
        returning *`.execute(db);
      return rows[0] === undefined ? null : toEntry(rows[0], nowMs);
    },
  };
}

const orderOf = (order: QueueQuery['order']) => sql.join(KEYS[order].map((key) => sql.ref(key)));

function conditionsOf(query: Omit<QueueQuery, 'limit'>, nowMs: number, isPostgres: boolean): RawBuilder<unknown>[] {
  const { projects, scenes, kinds, level, openedBefore, minSeverity, tag } = query;
  const conditions = [notOver(nowMs)];
  if (projects?.length === 1) conditions.push(sql`project = ${projects[0]}`);
  // Of several the index of all projects is walked in order. Named plainly, SQLite would read those of each and sort; Postgres knows how many there are of each.
  else if (projects !== null)
    conditions.push(sql`${sql.raw(isPostgres ? 'project' : "project || ''")} in (${sql.join([...projects])})`);
  if (scenes !== undefined && scenes.length > 0) {
    const any = scenes.map((scene) => sql`scenes like ${`% ${scene} %`}`);
    conditions.push(sql`(${sql.join(any, sql` or `)})`);
  }
  if (kinds !== undefined && kinds.length > 0) conditions.push(sql`kind in (${sql.join([...kinds])})`);
  if (level !== undefined) conditions.push(sql`level = ${level}`);
  if (openedBefore !== undefined) conditions.push(sql`+opened_ms < ${millisecondsOf(openedBefore)}`);
  if (minSeverity !== undefined) conditions.push(sql`+mildness <= ${0 - minSeverity}`);
  if (tag !== undefined) conditions.push(sql`tag_marks like ${`% ${digestMark(...tag)} %`}`);
  return conditions;
}

/** A quality reading that nobody made in time is not asked for any more. */
export const notOver = (nowMs: number): RawBuilder<unknown> => sql`(kind <> 'quality' or due_ms > ${nowMs})`;

const cursorOf = (order: QueueQuery['order'], row: Selectable<QueueTable>): string =>
  Buffer.from(JSON.stringify([order, ...KEYS[order].map((key) => row[key])])).toString('base64url');

/** @throws {InvalidQueueQueryError} */
function placeOf(order: QueueQuery['order'], cursor: string): (number | string)[] {
  const place = parsed(Buffer.from(cursor, 'base64url').toString());
  const keys = KEYS[order];
  if (Array.isArray(place) && place.length === keys.length + 1 && place[0] === order) {
    const values: unknown[] = place.slice(1);
    const isPlace = keys.every((key, nth) => typeof values[nth] === (key === 'task_id' ? 'string' : 'number'));
    if (isPlace) return values as (number | string)[];
  }
  throw new InvalidQueueQueryError('after', `the next of a page in the order ${order}`, cursor);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
