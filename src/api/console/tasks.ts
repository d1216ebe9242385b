import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scoreCurves } from '../../domain/score-curves.js';
import { TasksFilter, type ScoresView, type TasksView, type TaskView } from '../../schema/console/task.js';
import type { TaskRecord } from '../../store/records.js';
import { findTasks } from './find-tasks.js';
import { enterTask, signedIn } from './guard.js';
import { read } from './read.js';
import { seenBy, type SeenTask } from './seen-task.js';
import type { ConsoleService } from './service.js';
import { basisOf, shownBy } from './task-basis.js';
import { taskView } from './task-view.js';
import { tell } from './tell.js';

/** Finding tasks and looking at one. */
export function tasks(app: FastifyInstance, console: ConsoleService): void {
  app.get('/tasks', (request): Promise<TasksView> => findTasks(console, request, read(TasksFilter, request.query)));

  app.get<{ Params: { id: string } }>('/tasks/:id', async (request): Promise<TaskView> => {
    const task = await enterTask(console, request, request.params.id);
    const { member } = signedIn(request);
    const seen = await seenBy(member.name, task.request.taskId, console.records);
    const view = await taskView(console, member, task, seen);
    await tellSeen(console, request, task, seen);
    return view;
  });

  app.get<{ Params: { id: string } }>('/tasks/:id/scores', async (request): Promise<ScoresView> => {
    const task = await enterTask(console, request, request.params.id);
    const shown = await shownBy(console, task, await console.records.revisions(task.request.taskId));
    if (shown === null) return { curves: [] };
    const { verdict } = shown;
    return { curves: scoreCurves({ ...(await basisOf(console, task, verdict)), detectors: verdict.detectors }) };
  });
}

/** Writes down what a member saw, once for each revision and claim. */
async function tellSeen(
  console: ConsoleService,
  request: FastifyRequest,
  { request: { taskId, projectName: project, detectors, policyDigest } }: TaskRecord,
  { revisions, entry }: SeenTask,
): Promise<void> {
  const { name: actor } = signedIn(request).member;
  const latest = revisions.at(-1);
  const claimId = entry?.claim?.reviewer === actor ? entry.claim.claimId : null;
  const revision = latest?.revision ?? 0;
  await tell(console, request, {
    eventId: ['task-seen', taskId, actor, revision, claimId ?? ''].join('/'),
    kind: 'task-seen',
    actor,
    project,
    taskId,
    detail: {
      revision,
      policyDigest: latest?.verdict.policyDigest ?? policyDigest,
      detectors: [...new Set(detectors.map(({ name, digest }) => `${name} ${digest}`))].join(', '),
    },
  });
}
