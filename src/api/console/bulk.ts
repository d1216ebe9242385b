import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BulkDecision, BulkWithdrawal, type BulkView, type DecisionView } from '../../schema/console/queue.js';
import { UNDO_MS } from '../../schema/console/undo-time.js';
import { enterTask } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import { readerOf, type Reviewing } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** Messages under way at a time: each is a task of a workflow, and others wait for theirs. */
const AT_ONCE = 8;

type Decision = BulkDecision['decisions'][number];

/** Deciding several tasks alike, and taking that back. */
export function bulk(app: FastifyInstance, console: ConsoleService, reviewing: Reviewing): void {
  app.post('/queue/decide', async (request): Promise<BulkView> => {
    const { decisions, ...alike } = read(BulkDecision, request.body);
    const reader = readerOf(request);
    const undoUntil = new Date(Date.now() + UNDO_MS).toISOString();
    const results = await forEach(console, request, decisions, ({ taskId, decisionId }) =>
      reviewing.decide(taskId, { ...alike, decisionId, undoMs: UNDO_MS }, reader),
    );
    return { results, undoUntil };
  });

  app.post('/queue/withdraw', async (request): Promise<BulkView> => {
    const { decisions } = read(BulkWithdrawal, request.body);
    const reader = readerOf(request);
    const results = await forEach(console, request, decisions, ({ taskId, decisionId }) =>
      reviewing.withdraw(taskId, decisionId, reader),
    );
    return { results, undoUntil: new Date().toISOString() };
  });
}

/** Does the same with each, some at a time; what is refused of one says nothing of the others. */
async function forEach(
  console: ConsoleService,
  request: FastifyRequest,
  decisions: readonly Decision[],
  act: (decision: Decision) => Promise<DecisionView>,
): Promise<BulkView['results']> {
  const results: BulkView['results'] = [];
  const left = decisions.entries();
  const work = async (): Promise<void> => {
    for (const [index, decision] of left) results[index] = { ...decision, result: await outcomeOf(decision) };
  };
  const outcomeOf = async (decision: Decision): Promise<BulkView['results'][number]['result']> => {
    try {
      await enterTask(console, request, decision.taskId);
      return await act(decision);
    } catch (error) {
      if (error instanceof ConsoleProblem && error.status < 500) return { outcome: 'refused', message: error.message };
      throw error;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
