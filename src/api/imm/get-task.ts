import type { TaskRecord } from '../../store/records.js';
import { readProgress } from '../../temporal/progress.js';
import { recordOf, resultOf } from './find-task.js';
import { readNamedTask } from './get-result.js';
import type { Call, Operation } from './operation.js';

/** `GetTask`: state and progress of one task, without its result. */
export const getTask: Operation = {
  writes: false,
  async run(call) {
    const named = readNamedTask(call.parameters);
    const withDefinition = call.parameters.boolean('RequestDefinition', false);
    const before = await recordOf(call, named);
    const body = await resultOf(call, named, before);
    // It may have been recorded while its workflow was asked.
    const record = before ?? (await recordOf(call, named));
    const state = Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'ModerationResult'));
    return {
      ...state,
      ...taskFields(record?.task ?? null, withDefinition),
      Progress: body.Status === 'Running' ? await progressOf(call, named.taskId) : 100,
    };
  },
};

/** What `GetTask` and `ListTasks` say of a task beside its state. A task that is not recorded yet has neither tags nor definition to show. */
export function taskFields(record: TaskRecord | null, withDefinition: boolean): Record<string, unknown> {
  if (record === null) return {};
  const { tags, definition } = record.request;
  return { Tags: tags, ...(withDefinition ? { TaskRequestDefinition: definition ?? '' } : {}) };
}

/** Samples classified of those planned, 0–99; what cannot be known in time counts as nothing done. */
export async function progressOf({ service }: Pick<Call, 'service'>, taskId: string): Promise<number> {
  const progress = await readProgress(service.tasks(), taskId, PROGRESS_MS).catch(() => null);
  if (progress === null || progress.total === 0) return 0;
  return Math.min(99, Math.floor((100 * progress.done) / progress.total));
}

const PROGRESS_MS = 300;
