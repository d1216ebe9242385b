import { resourceNotFound, serviceUnavailable } from '../../domain/imm-error.js';
import { resultBody } from '../../domain/result-body.js';
import type { ModerationResultBody } from '../../schema/result.js';
import type { TaskType } from '../../schema/task.js';
import type { Revision } from '../../schema/verdict.js';
import type { TaskRecord } from '../../store/records.js';
import { askTask, describeTask } from '../../temporal/task-state.js';
import type { Call } from './operation.js';

/** How long the workflow, and then Temporal itself, are waited for: together well below the second within which every Get answers. */
const ASK_MS = 500;
const DESCRIBE_MS = 300;
const RETRY_AFTER_MS = 1000;

/** The task a call names, of the type and project that it names. */
export interface NamedTask {
  taskId: string;
  taskType: TaskType;
}

/** A task and its latest revision as recorded. */
export interface RecordedTask {
  task: TaskRecord;
  revision: Revision | null;
}

/** The task as recorded. `null`: it is not recorded, or belongs elsewhere. */
export async function recordOf(
  { service, project }: Call,
  { taskId, taskType }: NamedTask,
): Promise<RecordedTask | null> {
  const found = await service.records.findResult(taskId);
  const isNamed = found?.task.request.projectName === project.name && found.task.request.taskType === taskType;
  return isNamed ? found : null;
}

/**
 * The result of a task as of now, given its record: of one whose machine's run has ended from the store, of one that runs from its workflow. With no worker to answer
 * for it, what is recorded counts, or what Temporal itself says of the run.
 * @throws {ImmError} ResourceNotFound when there is no such task; ServiceUnavailable when nobody who could know answers
 */
export async function resultOf(
  { service, project }: Call,
  named: NamedTask,
  recorded: RecordedTask | null,
): Promise<ModerationResultBody> {
  const record = recorded?.task ?? null;
  if (recorded !== null && recorded.task.status !== 'Running') {
    const { task, revision } = recorded;
    return resultBody(task.request, { ...task, revision });
  }
  const asked = await askTask(service.tasks(), named.taskId, ASK_MS);
  const isNamed = (task: { project: string; type: TaskType }): boolean =>
    task.project === project.name && task.type === named.taskType;
  if (asked !== null && asked !== 'unknown') {
    if (!isNamed({ project: asked.ProjectName, type: asked.TaskType })) throw notFound(named);
    return asked;
  }
  if (record !== null) return resultBody(record.request, { ...record, revision: null });
  if (asked === 'unknown') throw notFound(named);
  const described = await describeTask(service.tasks(), named.taskId, DESCRIBE_MS);
  if (described === null) throw serviceUnavailable(RETRY_AFTER_MS);
  if (described === 'unknown' || !isNamed({ project: described.projectName, type: described.taskType }))
    throw notFound(named);
  return {
    ProjectName: described.projectName,
    EventId: described.eventId,
    TaskId: named.taskId,
    TaskType: named.taskType,
    UserData: described.userData,
    // Not recorded yet, so that its end, if it had one, would be nowhere: it still runs.
    Status: 'Running',
    Code: '',
    Message: '',
    StartTime: described.startTime,
  };
}

function notFound({ taskId }: NamedTask) {
  return resourceNotFound(`Task ${taskId}`);
}
