import { z } from 'zod';
import { invalidArgument } from '../../domain/imm-error.js';
import { TASK_STATUSES } from '../../schema/result.js';
import { TASK_TYPES } from '../../schema/task.js';
import type { TaskCursor, TaskQuery, TaskRecord } from '../../store/records.js';
import { taskFields, progressOf } from './get-task.js';
import type { Call, Operation } from './operation.js';
import { shown, type Parameters } from './parameters.js';

const MOST_RESULTS = 100;
const MOST_SELECTED_TAGS = 20;

/** An instant with its offset, as in IMM's sample `2016-12-31T00:00:00+08:00`. */
const Instant = z.iso.datetime({ offset: true, error: 'expected an instant such as 2016-12-31T00:00:00+08:00' });
const Range = z.object({ Start: Instant.optional(), End: Instant.optional() });
const TaskTypes = z
  .array(z.enum(TASK_TYPES, `expected ${TASK_TYPES.join(' or ')}`))
  .min(1, 'expected at least one type');

const SORTS = ['TaskId', 'StartTime', 'EndTime'] as const;
/** `DES` is what the enumeration of 2024 said. */
const ORDERS: ReadonlyMap<string, TaskQuery['order']> = new Map([
  ['asc', 'asc'],
  ['desc', 'desc'],
  ['des', 'desc'],
]);

/** `ListTasks`: a page of the project's tasks. */
export const listTasks: Operation = {
  writes: false,
  async run(call) {
    const { service, project, parameters } = call;
    const withDefinition = parameters.boolean('RequestDefinition', false);
    const query = readQuery(project.name, parameters);
    const { tasks, next } = await service.records.queryTasks(query);
    return {
      ProjectName: project.name,
      ...(next === null ? {} : { NextToken: toToken(query, next) }),
      MaxResults: String(tasks.length),
      Tasks: await Promise.all(tasks.map((task) => taskInfo(call, task, withDefinition))),
    };
  },
};

async function taskInfo(call: Call, task: TaskRecord, withDefinition: boolean): Promise<Record<string, unknown>> {
  const { request, status, code, message, startTime, endTime } = task;
  return {
    Status: status,
    Code: code,
    Message: message,
    StartTime: startTime,
    ...(endTime === null ? {} : { EndTime: endTime }),
    UserData: request.userData,
    TaskType: request.taskType,
    TaskId: request.taskId,
    ...taskFields(task, withDefinition),
    Progress: status === 'Running' ? await progressOf(call, request.taskId) : 100,
  };
}

function readQuery(project: string, parameters: Parameters): TaskQuery {
  const sort = parameters.oneOf('Sort', SORTS) ?? 'TaskId';
  const order = readOrder(parameters);
  const taskTypes = parameters.json('TaskTypes', 'array', TaskTypes);
  const status = parameters.oneOf('Status', TASK_STATUSES);
  const startTime = parameters.json('StartTimeRange', 'object', Range);
  const endTime = parameters.json('EndTimeRange', 'object', Range);
  const token = parameters.text('NextToken');
  return {
    project,
    ...(taskTypes === undefined ? {} : { taskTypes }),
    ...(status === undefined ? {} : { status }),
    ...(startTime === undefined ? {} : { startTime: toRange(startTime) }),
    ...(endTime === undefined ? {} : { endTime: toRange(endTime) }),
    tags: readSelector(parameters),
    sort,
    order,
    limit: parameters.integer('MaxResults', { min: 1, max: MOST_RESULTS, fallback: MOST_RESULTS }),
    ...(token === undefined ? {} : { after: fromToken({ sort, order }, token) }),
  };
}

function toRange({ Start, End }: z.infer<typeof Range>): { from?: string; to?: string } {
  return { ...(Start === undefined ? {} : { from: Start }), ...(End === undefined ? {} : { to: End }) };
}

function readOrder(parameters: Parameters): TaskQuery['order'] {
  const text = parameters.text('Order') ?? 'asc';
  const order = ORDERS.get(text.toLowerCase());
  if (order === undefined) throw invalidArgument(`Expected Order to be asc or desc, got ${shown(text)}.`);
  return order;
}

/** `name=value`, several joined by `&`, all of which must match; `&`, `=` and `%` inside are percent-encoded. */
function readSelector(parameters: Parameters): [name: string, value: string][] {
  const text = parameters.text('TagSelector');
  if (text === undefined) return [];
  const parts = text.split('&');
  if (parts.length > MOST_SELECTED_TAGS)
    throw invalidArgument(`Expected TagSelector to name at most ${MOST_SELECTED_TAGS} tags, got ${parts.length}.`);
  return parts.map((part) => {
    const pair = /^([^=]+)=(.*)$/s.exec(part);
    try {
      if (pair !== null) return [decodeURIComponent(pair[1] ?? ''), decodeURIComponent(pair[2] ?? '')];
    } catch {
      // A percent sign that encodes nothing: refused like the rest.
    }
    throw invalidArgument(`Expected TagSelector as name=value, several joined by &, got ${shown(part)}.`);
  });
}

const Token = z.strictObject({
  sort: z.enum(SORTS),
  order: z.enum(['asc', 'desc']),
  value: z.int().nullable(),
  // No engine keeps or looks for U+0000.
  taskId: z.string().regex(/^[^\0]*$/),
});

const WRONG_TOKEN = 'Expected NextToken to be the one that the page before answered, with the same Sort and Order.';

/** Opaque to clients: where the page ended, and the order it is a place in. */
function toToken({ sort, order }: Pick<TaskQuery, 'sort' | 'order'>, cursor: TaskCursor): string {
  return Buffer.from(JSON.stringify({ sort, order, ...cursor })).toString('base64url');
}

function fromToken({ sort, order }: Pick<TaskQuery, 'sort' | 'order'>, token: string): TaskCursor {
  const parsed = Token.safeParse(parseToken(token));
  if (!parsed.success || parsed.data.sort !== sort || parsed.data.order !== order) throw invalidArgument(WRONG_TOKEN);
  const { value, taskId } = parsed.data;
  // Ids sort by themselves, starts are always known, and an end may be missing.
  if (sort === 'EndTime' || (value === null) === (sort === 'TaskId')) return { value, taskId };
  throw invalidArgument(WRONG_TOKEN);
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return null;
  }
}
