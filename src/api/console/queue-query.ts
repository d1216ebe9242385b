import type { FastifyRequest } from 'fastify';
import { includesRole } from '../../auth/console/rights.js';
import type { CountsView, QueueFilter, QueueRow, TakeNext } from '../../schema/console/queue.js';
import { forPeople } from '../../sources/errors.js';
import type { StoredMember } from '../../store/members.js';
import type { QueueChoice, QueueCounts, QueueEntry } from '../../store/review-queue.js';
import { projectsOf } from './guard.js';

/** What a filter of the page asks the store for: never more than the member's projects. */
export function queryOf(
  request: FastifyRequest,
  { project, scenes, level, minMinutes, minSeverity, tag, order }: Omit<QueueFilter, 'limit' | 'after'> | TakeNext,
): QueueChoice {
  const [name = '', ...value] = tag?.split('=') ?? [];
  return {
    projects: projectsOf(request, project),
    order,
    ...(scenes === undefined ? {} : { scenes }),
    ...(level === undefined ? {} : { level }),
    ...(minMinutes === undefined ? {} : { openedBefore: new Date(Date.now() - minMinutes * 60_000).toISOString() }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(tag === undefined ? {} : { tag: [name, value.join('=')] as const }),
  };
}

/** Whether a member may know of an entry: who decided a task would know a second reading of it for what it is. */
export function mayKnow({ name }: Pick<StoredMember, 'name'>, { kind, readers }: QueueEntry): boolean {
  return kind !== 'quality' || !readers.includes(name);
}

/** An entry as its row of the page. */
export function rowOf({ name, role }: StoredMember, { kind, readers, ...entry }: QueueEntry): QueueRow {
  const { step, level, claim } = entry;
  const isFree = step !== 'held' && (claim === null || claim.reviewer === name);
  const mayTake = isFree && !readers.includes(name) && (level === 'reviewer' || includesRole(role, 'lead'));
  return { ...entry, uri: forPeople(entry.uri), kind: kind === 'quality' ? 'review' : kind, mayTake };
}

export function countsView(counts: QueueCounts): CountsView {
  const { waiting, claimed, escalated, byScene, byProject, oldestOpenedAt } = counts;
  return { waiting, claimed, escalated, byScene, byProject, oldestOpenedAt };
}
