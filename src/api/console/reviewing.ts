import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { includesRole } from '../../auth/console/rights.js';
import type { DecisionUse, DecisionView } from '../../schema/console/queue.js';
import type { Claim, Sender } from '../../schema/review.js';
import type { ReviewLevel } from '../../schema/review-rules.js';
import type { QueueEntry } from '../../store/review-queue.js';
import {
  claimReview,
  escalateReview,
  releaseReview,
  ReviewRefusedError,
  submitReview,
  withdrawReview,
} from '../../temporal/reviews.js';
import type { TaskClient } from '../../temporal/tasks.js';
import { signedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import type { QualityReadings } from './quality-readings.js';
import type { ConsoleService } from './service.js';

/** How often a claim is asked for, two seconds each, before a reader is told that nobody answers. */
const CLAIM_ASKS = 3;

/** Who reads, as the messages of a review say it. */
export interface Reader {
  reviewer: string;
  as: ReviewLevel;
  sender: Sender;
}

/** That a task is to be left to the leads, as its reader says it. */
export interface Escalation {
  escalationId: string;
  reason: string | null;
  claimId?: string | undefined;
}

/** The member who sends a request, as a reader. */
export function readerOf(request: FastifyRequest): Reader {
  const { name, role } = signedIn(request).member;
  return {
    reviewer: name,
    as: includesRole(role, 'lead') ? 'lead' : 'reviewer',
    sender: { actor: name, address: request.ip },
  };
}

/**
 * What readers do with a task: the workflow is asked, but for second readings of decided tasks, which no workflow knows of; readers cannot tell one from the other.
 * Everything rejects with {@link ConsoleProblem} ReviewRefused, ClaimLost or TemporalUnavailable.
 */
export class Reviewing {
  constructor(
    private readonly console: ConsoleService,
    private readonly quality: QualityReadings,
  ) {}

  /** Takes a task; `null`: nobody answers for it, and should the claim be heard later, the task is given back. */
  async claim(entry: QueueEntry | null, taskId: string, reader: Reader): Promise<Claim | null> {
    const claimId = randomUUID();
    if (entry?.kind === 'quality') return this.quality.claim(entry, claimId, reader);
    // Under one id it is one claim, however often it is asked for.
    for (let asked = 0; asked < CLAIM_ASKS; asked++) {
      const claim = await this.ask((tasks) => claimReview(tasks, taskId, { claimId, ...reader }));
      if (claim !== 'pending') return claim;
    }
    this.release(taskId, claimId, reader).catch((error: unknown) => {
      this.console.log('warn', 'A claim that nobody answered was not given back', { taskId, error: String(error) });
    });
    return null;
  }

  /** Gives a task back; `pending`: nobody has answered yet. */
  async release(taskId: string, claimId: string, reader: Reader): Promise<'done' | 'pending'> {
    const entry = await this.console.records.queue.find(taskId);
    if (entry?.kind === 'quality') return this.quality.release(entry, claimId, reader);
    const { reviewer, sender } = reader;
    return this.ask((tasks) => releaseReview(tasks, taskId, { claimId, reviewer, sender }));
  }

  async decide(taskId: string, decision: DecisionUse, reader: Reader): Promise<DecisionView> {
    const entry = await this.console.records.queue.find(taskId);
    if (entry === null || entry.kind === 'quality') {
      const answered = await this.quality.answerOf(taskId, decision.decisionId);
      if (answered !== null) return answered;
    }
    if (entry?.kind === 'quality') return this.quality.decide(entry, decision, reader);
    const recorded = await this.ask((tasks) => submitReview(tasks, taskId, { ...decision, ...reader }), {
      taskId,
      claimId: decision.claimId,
    });
    return recorded === 'pending' ? { outcome: 'pending' } : { outcome: 'accepted', ...recorded };
  }

  async withdraw(taskId: string, decisionId: string, reader: Reader): Promise<DecisionView> {
    const entry = await this.console.records.queue.find(taskId);
    if (entry?.kind === 'quality' || this.quality.holds(taskId)) {
      await this.quality.withdraw(taskId, decisionId, reader);
      return { outcome: 'withdrawn' };
    }
    const { reviewer, sender } = reader;
    const answer = await this.ask((tasks) => withdrawReview(tasks, taskId, { decisionId, reviewer, sender }));
    return { outcome: answer === 'pending' ? 'pending' : 'withdrawn' };
  }

  async escalate(taskId: string, escalation: Escalation, reader: Reader): Promise<DecisionView> {
    const { records } = this.console;
    const { reviewer, sender } = reader;
    const { claimId, ...rest } = escalation;
    const entry = await records.queue.find(taskId);
    if (entry?.kind === 'quality') return this.quality.leave(entry, escalation, reader);
    const message = { ...rest, reviewer, sender, ...(claimId === undefined ? {} : { claimId }) };
    const view = await this.ask((tasks) => escalateReview(tasks, taskId, message), { taskId, claimId });
    if (view === 'pending') return { outcome: 'pending' };
    const latest = await records.latestRevision(taskId);
    if (latest === null) throw new ConsoleProblem('NotFound', 'There is no such task.');
    const { revision, verdict } = latest;
    return { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: view.step };
  }

  /** Sends a message; of one that is refused under a lease that somebody else has by now, that is what is told. */
  private async ask<Answer>(
    send: (tasks: TaskClient) => Promise<Answer>,
    held?: { taskId: string; claimId: string | undefined },
  ): Promise<Answer> {
    const tasks = clientOf(this.console);
    try {
      return await send(tasks);
    } catch (error) {
      if (!(error instanceof ReviewRefusedError)) throw error;
      const isLost =
        held?.claimId !== undefined &&
        (await this.console.records.queue.claimOf(held.taskId))?.claimId !== held.claimId;
      throw new ConsoleProblem(isLost ? 'ClaimLost' : 'ReviewRefused', error.message);
    }
  }
}

/**
 * The client as of now.
 * @throws {ConsoleProblem} TemporalUnavailable
 */
export function clientOf({ tasks, log }: Pick<ConsoleService, 'tasks' | 'log'>): TaskClient {
  try {
    return tasks();
  } catch (error) {
    log('error', 'There is no client of Temporal', { error: String(error) });
    throw new ConsoleProblem('TemporalUnavailable', 'Temporal cannot be reached now: try again in a moment.');
  }
}
