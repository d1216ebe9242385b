import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppealUse, Steering, type ProgressView } from '../../schema/console/task.js';
import type { ReviewView, Sender } from '../../schema/review.js';
import { openAppeal, ReviewRefusedError } from '../../temporal/reviews.js';
import { cancelTask, isOpen, pauseTask, prioritise, resumeTask, type TaskClient } from '../../temporal/tasks.js';
import { isOutage } from '../../temporal/outages.js';
import { enterTask, signedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { progressOf } from './progress.js';
import { read } from './read.js';
import { clientOf } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** How long a task that was steered is asked how far it is, in milliseconds: its worker may be busy. */
const PROGRESS_MS = 2000;

/** What leads do with single tasks: steering those that run, and having others read again. */
export function steering(app: FastifyInstance, console: ConsoleService): void {
  const access = { config: { access: 'lead' } } as const;

  app.post<{ Params: { id: string } }>('/tasks/:id/steer', access, async (request, reply): Promise<ProgressView> => {
    const asked = read(Steering, request.body);
    const task = await enterTask(console, request, request.params.id);
    const isDone = await reaching(() => steered(clientOf(console), task.request.taskId, asked, senderOf(request)));
    if (!isDone) return reply.status(204).send();
    const progress = await progressOf(console, task, PROGRESS_MS);
    return progress ?? reply.status(202).send();
  });

  app.post<{ Params: { id: string } }>('/tasks/:id/appeal', access, async (request): Promise<ReviewView> => {
    const asked = read(AppealUse, request.body);
    const task = await enterTask(console, request, request.params.id);
    const revision = await console.records.latestRevision(task.request.taskId);
    if (revision === null)
      throw new ConsoleProblem('ReviewRefused', 'There is no verdict yet that could be appealed against.');
    const appeal = { ...asked, appellant: signedIn(request).member.name, sender: senderOf(request) };
    const answer = await reaching(() => openAppeal(clientOf(console), task, revision, appeal));
    if (answer === 'pending')
      throw new ConsoleProblem('TemporalUnavailable', 'Nobody has answered yet: send the same again to learn.', 2);
    return answer;
  });
}

/** `false`: the task has ended, and there is nothing to steer. Its workflow writes down who did what. */
async function steered(...steering: Parameters<typeof steer>): Promise<boolean> {
  try {
    return await steer(...steering);
  } catch (error) {
    // It ended in this moment, or so long ago that Temporal does not know it any more.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function steer(tasks: TaskClient, taskId: string, asked: Steering, sender: Sender): Promise<boolean> {
  switch (asked.action) {
    case 'cancel':
      return cancelTask(tasks, taskId, sender);
    case 'pause':
      return pauseTask(tasks, taskId, sender);
    case 'resume':
      return resumeTask(tasks, taskId, sender);
    case 'prioritise':
      if (!(await isOpen(tasks, taskId))) return false;
      await prioritise(tasks, taskId, asked.priority, sender);
      return true;
  }
}

async function reaching<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ReviewRefusedError) throw new ConsoleProblem('ReviewRefused', error.message);
    if (isOutage(error)) throw new ConsoleProblem('TemporalUnavailable', 'Temporal does not answer now.', 2);
    throw error;
  }
}

function senderOf(request: FastifyRequest): Sender {
  return { actor: signedIn(request).member.name, address: request.ip };
}
