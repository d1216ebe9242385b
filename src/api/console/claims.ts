import type { FastifyInstance } from 'fastify';
import { reviewRules } from '../../domain/review-rules.js';
import { ClaimUse, DecisionUse, EscalationUse, WithdrawalUse } from '../../schema/console/queue.js';
import type { Claim } from '../../schema/review.js';
import { enterTask } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { refuseSpent } from './queue.js';
import { read } from './read.js';
import { readerOf, type Reviewing } from './reviewing.js';
import type { ConsoleService } from './service.js';

interface ById {
  Params: { id: string };
}

/** What a reader does with one task. */
export function claims(app: FastifyInstance, console: ConsoleService, reviewing: Reviewing): void {
  const { queue } = console.records;

  app.post<ById>('/tasks/:id/claim', async (request): Promise<Claim> => {
    const { taskId } = (await enterTask(console, request, request.params.id)).request;
    await refuseSpent(console, request);
    const claim = await reviewing.claim(await queue.find(taskId), taskId, readerOf(request));
    if (claim !== null) return claim;
    throw new ConsoleProblem('TemporalUnavailable', 'Nobody answers for this task: try again in a moment.');
  });

  app.post<ById>('/tasks/:id/renew', async (request): Promise<Claim> => {
    const { claimId } = read(ClaimUse, request.body);
    const { taskId, policy } = (await enterTask(console, request, request.params.id)).request;
    const lost = new ConsoleProblem('ClaimLost', 'The lease is over: take the task anew.');
    if ((await queue.claimOf(taskId))?.reviewer !== readerOf(request).reviewer) throw lost;
    const until = new Date(Date.now() + reviewRules(policy, []).leaseMs).toISOString();
    const claim = await queue.renew(taskId, claimId, until);
    if (claim === null) throw lost;
    return claim;
  });

  app.post<ById>('/tasks/:id/release', async (request, reply) => {
    const { claimId } = read(ClaimUse, request.body);
    const { taskId } = (await enterTask(console, request, request.params.id)).request;
    const answer = await reviewing.release(taskId, claimId, readerOf(request));
    // Nobody has answered yet: the lease ends by itself, at the latest.
    return reply.status(answer === 'pending' ? 202 : 204).send();
  });

  app.post<ById>('/tasks/:id/decide', async (request) => {
    const decision = read(DecisionUse, request.body);
    const { taskId } = (await enterTask(console, request, request.params.id)).request;
    return reviewing.decide(taskId, decision, readerOf(request));
  });

  app.post<ById>('/tasks/:id/withdraw', async (request) => {
    const { decisionId } = read(WithdrawalUse, request.body);
    const { taskId } = (await enterTask(console, request, request.params.id)).request;
    return reviewing.withdraw(taskId, decisionId, readerOf(request));
  });

  app.post<ById>('/tasks/:id/escalate', async (request) => {
    const escalation = read(EscalationUse, request.body);
    const { taskId } = (await enterTask(console, request, request.params.id)).request;
    return reviewing.escalate(taskId, escalation, readerOf(request));
  });
}
