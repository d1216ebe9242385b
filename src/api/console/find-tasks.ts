import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { resultBody } from '../../domain/result-body.js';
import type { TasksFilter, TasksView } from '../../schema/console/task.js';
import { DEFAULT_PROJECT, TASK_TYPES } from '../../schema/task.js';
import { forPeople } from '../../sources/errors.js';
import type { TaskCursor, TaskQuery, TaskRecord } from '../../store/records.js';
import { projectsOf, signedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { seenBy } from './seen-task.js';
import type { ConsoleService } from './service.js';

type Filter = z.infer<typeof TasksFilter>;
type Row = TasksView['rows'][number];

/** Tasks of the projects that a member sees: the newest first, or those whose ids begin as said, by id. */
export async function findTasks(console: ConsoleService, request: FastifyRequest, filter: Filter): Promise<TasksView> {
  const { member } = signedIn(request);
  const { search, status, limit } = filter;
  const known = projectsOf(request, filter.project) ?? [
    ...new Set([...console.settings().projects.keys(), DEFAULT_PROJECT]),
  ];
  const after = filter.after === undefined ? null : readCursor(filter.after);
  const common = { ...(status !== undefined && { status }), limit } as const;
  const found =
    search === undefined || search === ''
      ? await page(console, known, { ...common, sort: 'StartTime', order: 'desc', ...(after && { after }) })
      : await startingWith(console, known, search, { ...common, sort: 'TaskId', order: 'asc' }, after);
  const rows = await Promise.all(found.tasks.map((task) => rowOf(console, member.name, task)));
  return { rows, next: found.next === null ? null : writeCursor(found.next) };
}

interface Page {
  tasks: TaskRecord[];
  next: TaskCursor | null;
}

/** One page of several projects: the pages of each put in order, as far as all of them reach. */
async function page(
  { records }: ConsoleService,
  projects: readonly string[],
  query: Omit<TaskQuery, 'project'>,
): Promise<Page> {
  const pages = await Promise.all(projects.map((project) => records.queryTasks({ ...query, project })));
  const compare = (a: TaskCursor, b: TaskCursor): number => {
    const byValue = (a.value ?? 0) - (b.value ?? 0);
    const byId = a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0;
    return (query.order === 'asc' ? 1 : -1) * (byValue || byId);
  };
  const ends = pages.flatMap(({ next }) => (next === null ? [] : [next])).sort(compare);
  const [reach] = ends;
  const all = pages
    .flatMap(({ tasks }) => tasks)
    .map((task) => ({ task, at: placeOf(task, query.sort) }))
    .sort((a, b) => compare(a.at, b.at));
  const within = all.filter(({ at }) => reach === undefined || compare(at, reach) <= 0);
  const shown = within.slice(0, query.limit);
  const last = shown.at(-1)?.at;
  const next = shown.length < within.length ? last : reach;
  return { tasks: shown.map(({ task }) => task), next: next ?? null };
}

/** Tasks whose ids begin with what was typed, with or without the type of the task before it. */
async function startingWith(
  console: ConsoleService,
  projects: readonly string[],
  search: string,
  query: Omit<TaskQuery, 'project'>,
  after: TaskCursor | null,
): Promise<Page> {
  const beginnings = TASK_TYPES.some((type) => type.startsWith(search) || search.startsWith(type))
    ? [search]
    : TASK_TYPES.map((type) => `${type}-${search}`).sort();
  // Whatever else was typed begins no id.
  if (!/^[\w-]+$/.test(search)) return { tasks: [], next: null };
  const pages: Page[] = [];
  for (const beginning of beginnings) {
    const begin = { taskId: justBefore(beginning), value: null };
    const isPast = after !== null && after.taskId > begin.taskId;
    const { tasks, next } = await page(console, projects, { ...query, after: isPast ? after : begin });
    const matching = tasks.filter(({ request }) => request.taskId.startsWith(beginning));
    const goesOn = next?.taskId.startsWith(beginning) === true || (next !== null && next.taskId < beginning);
    pages.push({ tasks: matching, next: goesOn ? next : null });
  }
  const all = pages.flatMap((each) => each.tasks);
  const shown = all.slice(0, query.limit);
  const last = shown.at(-1)?.request.taskId;
  if (all.length > shown.length && last !== undefined) return { tasks: shown, next: { taskId: last, value: null } };
  return { tasks: shown, next: pages.find(({ next }) => next !== null)?.next ?? null };
}

/** A place in the order of ids that no id with this beginning lies before, and the one without an end lies behind. */
function justBefore(beginning: string): string {
  const last = beginning.codePointAt(beginning.length - 1) ?? 0;
  return `${beginning.slice(0, -1)}${String.fromCodePoint(Math.max(0, last - 1))}\u{10ffff}`;
}

function placeOf({ request, startTime }: TaskRecord, sort: TaskQuery['sort']): TaskCursor {
  return { taskId: request.taskId, value: sort === 'TaskId' ? null : Date.parse(startTime) };
}

async function rowOf(console: ConsoleService, member: string, task: TaskRecord): Promise<Row> {
  const { request, status, code, startTime, endTime } = task;
  const { revisions } = await seenBy(member, request.taskId, console.records);
  const revision = revisions.at(-1) ?? null;
  const result = resultBody(request, { ...task, revision }).ModerationResult;
  return {
    taskId: request.taskId,
    project: request.projectName,
    taskType: request.taskType,
    uri: forPeople(request.source.uri),
    status,
    code,
    suggestion: result?.Suggestion ?? null,
    categories: result?.Categories ?? [],
    revision: revision?.revision ?? null,
    origin: revision?.origin ?? null,
    startTime,
    endTime,
  };
}

function writeCursor({ taskId, value }: TaskCursor): string {
  return Buffer.from(JSON.stringify([taskId, value])).toString('base64url');
}

function readCursor(text: string): TaskCursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [taskId, value] = parsed as unknown[];
      if (typeof taskId === 'string' && (value === null || Number.isSafeInteger(value)))
        return { taskId, value: value as number | null };
    }
  } catch {
    // Whatever it is, it is none of ours.
  }
  throw new ConsoleProblem('InvalidRequest', 'after: expected the next of an earlier page.');
}
