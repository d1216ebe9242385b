import { ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, log, setHandler } from '@temporalio/workflow';
import { durationMs } from '../domain/duration.js';
import { refusalOf, settle, type ReviewState } from '../domain/review.js';
import type { ReviewDecision } from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import { records } from './activity-options.js';
import { applyPolicy, review, submitReview, type PolicyApplication, type Recorded } from './messages.js';
import { notify } from './notify.js';
import type { TaskState } from './task-state.js';

/** Type of the failure that a refused message is answered with. */
const REFUSED = 'ReviewRefused';

/**
 * The wait for a person. Handles what reviewers send from the first moment of the workflow, and refuses it while there is nothing to decide.
 * A decision that was accepted is recorded as the next revision before its sender is answered.
 */
export class HumanReview {
  private recorded: Recorded | undefined;

  constructor(
    private readonly task: TaskState,
    private readonly origin: 'person' | 'appeal',
    /** Set before any handler is: messages that came with the start are handled as soon as there is one. */
    private state: ReviewState,
  ) {
    setHandler(submitReview, (decision) => this.decide(decision), {
      validator: (decision: ReviewDecision) => {
        this.refuse(decision);
      },
    });
    setHandler(review, async (decision) => {
      const refusal = refusalOf(this.state, decision);
      if (refusal === null) await this.decide(decision);
      else log.warn('A review signal was dropped', { taskId: task.request.taskId, refusal });
    });
    setHandler(applyPolicy, (application) => this.apply(application), {
      validator: (application: PolicyApplication) => {
        this.refusePolicy(application);
      },
    });
  }

  get isOpen(): boolean {
    return this.state.step !== 'not yet';
  }

  /** From now on decisions are accepted. */
  open(): void {
    this.state = { step: 'waiting' };
  }

  /** Waits until a person, a policy or the deadline has settled the task. */
  async settle(): Promise<void> {
    const { request, progress } = this.task;
    const { deadline, onDeadline } = request.policy.review;
    progress.phase = 'waiting for review';
    const settled = await condition(() => this.state.step !== 'waiting', durationMs(deadline));
    if (!settled) {
      this.state = { step: 'over' };
      if (onDeadline !== 'review') await this.recordDeadline(onDeadline, deadline);
    }
    await condition(allHandlersFinished);
  }

  private refuse(decision: ReviewDecision): void {
    const refusal = refusalOf(this.state, decision);
    if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, REFUSED);
  }

  private refusePolicy({ decisionId }: PolicyApplication): void {
    if (!decisionId) throw ApplicationFailure.nonRetryable('Expected decisionId to be a non-empty string.', REFUSED);
    if (this.state.step === 'waiting') return;
    throw ApplicationFailure.nonRetryable(
      'A policy can be applied while the task waits for a review, not over a decision.',
      REFUSED,
    );
  }

  private async decide(decision: ReviewDecision): Promise<Recorded> {
    if (this.state.step === 'decided') {
      await condition(() => this.recorded !== undefined || this.state.step === 'waiting');
      if (this.recorded !== undefined) return this.recorded;
      this.refuse(decision);
    }
    const { decisionId, suggestion, reviewer, reason } = decision;
    this.state = { step: 'decided', decisionId };
    try {
      const why = `${reviewer} decided ${suggestion}${reason === null ? '' : `: ${reason}`}.`;
      const verdict = settle(this.current.verdict, suggestion, why);
      this.recorded = await this.record({ origin: this.origin, verdict, decisionId, reviewer, reason });
      return this.recorded;
    } catch (error) {
      this.state = { step: 'waiting' };
      throw error;
    }
  }

  private async apply({ decisionId, policy, policyDigest }: PolicyApplication): Promise<Recorded> {
    const { taskId } = this.task.request;
    const verdict = await records.redecide({ taskId, policy, policyDigest });
    const recorded = await this.record({ origin: 'policy', verdict, decisionId, reviewer: null, reason: null });
    if (recorded.suggestion !== 'review' && this.state.step === 'waiting') this.state = { step: 'over' };
    return recorded;
  }

  private async recordDeadline(suggestion: Revision['verdict']['suggestion'], deadline: string): Promise<void> {
    const verdict = settle(
      this.current.verdict,
      suggestion,
      `Nobody decided within ${deadline}: the policy's outcome is ${suggestion}.`,
    );
    const decisionId = `${this.task.request.taskId}/deadline/${this.current.revision}`;
    await this.record({ origin: 'deadline', verdict, decisionId, reviewer: null, reason: null });
  }

  private async record(revision: Omit<Revision, 'revision' | 'recordedAt'>): Promise<Recorded> {
    const { taskId } = this.task.request;
    const recorded = await records.recordRevision({ ...revision, taskId, recordedAt: new Date().toISOString() });
    this.task.revision = recorded;
    await notify(this.task);
    return { revision: recorded.revision, suggestion: recorded.verdict.suggestion };
  }

  private get current(): Revision {
    if (this.task.revision === null) throw new TypeError('Expected a verdict before its review');
    return this.task.revision;
  }
}
