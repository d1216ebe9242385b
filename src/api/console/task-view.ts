import { detectorsSaid } from '../../domain/detector-said.js';
import { disputedSpans } from '../../domain/disputed-spans.js';
import { resultBody } from '../../domain/result-body.js';
import type { ClipView, TaskView } from '../../schema/console/task.js';
import type { EvidenceItem } from '../../schema/evidence.js';
import type { Member } from '../../schema/member.js';
import type { ModerationResultBody } from '../../schema/result.js';
import type { Revision } from '../../schema/verdict.js';
import { forPeople } from '../../sources/errors.js';
import type { TaskRecord } from '../../store/records.js';
import { askPartial } from '../../temporal/task-state.js';
import { frameViews } from './frame-views.js';
import { sourceView } from './media.js';
import { isKeepingEvidence, isPausedByRecord, progressOf } from './progress.js';
import { reviewOf, rightsOf } from './review-of.js';
import type { SeenTask } from './seen-task.js';
import type { ConsoleService } from './service.js';
import { basisOf, shownBy } from './task-basis.js';
import { historyOf } from './task-history.js';

/** How long a running task is asked for what it knows, in milliseconds; without an answer what is recorded is shown. */
const ASK_MS = 500;

/** Everything about a task that this member may know. */
export async function taskView(
  console: ConsoleService,
  member: Member,
  task: TaskRecord,
  seen: SeenTask,
): Promise<TaskView> {
  const { request, status, code, message, startTime, endTime, probed } = task;
  const { taskId, options } = request;
  const shown = await shownBy(console, task, seen.revisions);
  const verdict = shown?.verdict ?? null;
  const [basis, items, source, history, progress, result] = await Promise.all([
    verdict === null ? null : basisOf(console, task, verdict),
    console.records.evidence(taskId),
    sourceView(task, console),
    historyOf(console, taskId, seen),
    progressOf(console, task, ASK_MS),
    resultOf(console, task, seen.revisions.at(-1) ?? shown),
  ]);
  const isPaused = progress?.isPaused ?? (await isPausedByRecord(console, task));
  const isUnjustified = status === 'Succeeded' && items.length === 0 && (verdict?.blockFrames.length ?? 0) > 0;
  const clips = await clipViews(console, taskId, items);
  const durationS = probed === null ? null : 'video' in probed ? probed.video.durationS : 0;
  return {
    taskId,
    project: request.projectName,
    taskType: request.taskType,
    uri: forPeople(request.source.uri),
    tags: request.tags,
    status,
    code,
    message,
    startTime,
    endTime,
    options,
    durationS,
    progress,
    isPaused,
    result,
    review: reviewOf(task, seen),
    may: rightsOf(member, task, seen),
    detectors:
      basis === null || verdict === null
        ? []
        : detectorsSaid({ ...basis, detectors: verdict.detectors, taskType: request.taskType }),
    disputed: verdict === null ? [] : disputedSpans(verdict.blockFrames, durationS ?? Infinity, clips),
    frames: basis === null || verdict === null ? [] : frameViews(taskId, items, verdict, basis),
    clips,
    isKeepingEvidence: isUnjustified && (await isKeepingEvidence(console, taskId, ASK_MS)),
    source,
    history,
  };
}

/** As the Get operations answer it, less what an address may hold of secrets, and with what can be said of a task without a verdict. */
async function resultOf(
  console: Pick<ConsoleService, 'tasks'>,
  task: TaskRecord,
  revision: Revision | null,
): Promise<ModerationResultBody> {
  const asked = task.status === 'Running' ? await askPartial(console.tasks(), task.request.taskId, ASK_MS) : null;
  const body = asked ?? resultBody(task.request, { ...task, revision });
  const { ModerationResult: moderated } = body;
  return moderated === undefined
    ? body
    : { ...body, ModerationResult: { ...moderated, URI: forPeople(moderated.URI) } };
}

async function clipViews(
  { blobs }: Pick<ConsoleService, 'blobs'>,
  taskId: string,
  items: readonly EvidenceItem[],
): Promise<ClipView[]> {
  const views = items.map(async ({ kind, startS, endS, contentType, digest }, position): Promise<ClipView[]> => {
    if (kind === 'frame') return [];
    if (kind === 'clip')
      return [{ startS, endS, contentType, path: `/tasks/${taskId}/evidence/${position}`, why: null }];
    const why = await blobs.get(digest).then(String, () => 'The reason is not kept any more.');
    return [{ startS, endS, contentType, path: null, why }];
  });
  return (await Promise.all(views)).flat();
}
