import { CancellationScope } from '@temporalio/workflow';
import { agreeing, closedReview, ended, nextKind, read, type ReviewState } from '../domain/review.js';
import { isQualitySample, reviewRules, type ReviewRules } from '../domain/review-rules.js';
import { queueState, readersOf } from '../domain/review-view.js';
import type { Shown } from '../activities/review.js';
import type { Recorded, ReviewDecision, ReviewStep } from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import type { AuditEvent } from '../store/audit.js';
import { reviews, reviewsAtOnce } from './activity-options.js';
import { notify, tellReviewers } from './notify.js';
import { nowMs } from './now.js';
import type { TaskState } from './task-state.js';

/** What goes from one run of a workflow to the next. */
export interface CarriedReview {
  state: ReviewState;
  sequence: number;
}

/**
 * The state of a task's review, and the writing down of it. A state is changed at once, before anything is waited for, so that no two messages are accepted
 * by the same one; what is written of it has a sequence, so that it does not matter which of two writes is through first. Writing is tried until it is
 * done, also when the task is cancelled meanwhile: what was accepted is never lost.
 */
export class ReviewRecord {
  state: ReviewState;
  /** Whether anybody has asked for the review to be opened again. */
  isAsked = false;
  private sequence: number;
  private readonly underWay = new Map<string, Promise<Recorded>>();

  constructor(
    readonly task: TaskState,
    carried: CarriedReview = { state: closedReview(), sequence: 0 },
  ) {
    this.state = carried.state;
    this.sequence = carried.sequence;
  }

  get rules(): ReviewRules {
    return reviewRules(this.task.request.policy, this.state.categories);
  }

  carry(): CarriedReview {
    return { state: this.state, sequence: this.sequence };
  }

  /** Shows the state in the queue, and writes down what led to it. */
  async show(...events: AuditEvent[]): Promise<void> {
    const shown = this.shown();
    await CancellationScope.nonCancellable(() => reviews.showReview({ shown, events }));
  }

  /**
   * The same for a sender who waits for it: within the workflow task that accepts their message. That task may get lost once the row is written, and with the server
   * the message: the row then says what its workflow does not know of, until the lease that it names is over.
   */
  async showAtOnce(...events: AuditEvent[]): Promise<void> {
    const shown = this.shown();
    await CancellationScope.nonCancellable(() => reviewsAtOnce.showReview({ shown, events }));
  }

  /** A decision counts from now on; answered once it is recorded. One that is under way is waited for. */
  async count(decision: ReviewDecision): Promise<Recorded> {
    const { decisionId } = decision;
    const started = this.underWay.get(decisionId) ?? this.record(decision);
    this.underWay.set(decisionId, started);
    try {
      return await started;
    } finally {
      this.underWay.delete(decisionId);
    }
  }

  /** The answer to a decision as things stand. */
  answer(step: ReviewStep): Recorded {
    const { revision, verdict } = this.current;
    return { revision, suggestion: verdict.suggestion, step };
  }

  /** The wait is over; the policy says what that means. An appeal that nobody heard changes nothing. */
  async expire(): Promise<void> {
    const { task, state, rules } = this;
    const { taskId, policy } = task.request;
    const { onDeadline } = rules;
    const isOutcome = onDeadline !== 'review' && state.kind === 'review';
    const reason = `Nobody decided within ${policy.review.deadline}: the policy's outcome is ${onDeadline}.`;
    const decisionId = `${taskId}/deadline/${this.current.revision}`;
    this.state = ended(state, 'expired');
    const shown = this.shown();
    const expiredAt = new Date().toISOString();
    const outcome = isOutcome ? { suggestion: onDeadline, decisionId, reason } : null;
    this.revised(await CancellationScope.nonCancellable(() => reviews.recordExpiry({ outcome, expiredAt, shown })));
  }

  /** There is another revision: everybody is told of it. */
  revised(revision: Revision | null): void {
    if (revision === null || revision.revision <= (this.task.revision?.revision ?? 0)) return;
    this.task.revision = revision;
    // Waited for at the end of the workflow.
    void notify(this.task);
  }

  private async record(decision: ReviewDecision): Promise<Recorded> {
    const before = this.state;
    const now = new Date();
    const after = read(before, decision);
    const isSettled = after.step === 'decided';
    this.state = after;
    if (after.level !== before.level) void tellReviewers(this.task, after, 'escalated');
    const reviewers = agreeing(after).map(({ reviewer }) => reviewer);
    const isSample = isSettled && isQualitySample(decision.decisionId, this.rules.qualityShare);
    const reading = {
      decision,
      kind: nextKind(before),
      readAt: now.toISOString(),
      waitedMs: now.getTime() - before.openedMs,
      settles: isSettled
        ? { origin: before.kind === 'appeal' ? ('appeal' as const) : ('person' as const), reviewers }
        : null,
      quality: isSample ? readersOf(after) : null,
      shown: this.shown(),
    };
    const revision = await CancellationScope.nonCancellable(() => reviews.recordReading(reading));
    this.revised(revision);
    const recorded = this.answer(isSettled ? 'decided' : 'waiting');
    this.state = { ...this.state, answers: { ...this.state.answers, [decision.decisionId]: recorded } };
    return recorded;
  }

  private shown(): Shown {
    // Grows also over the runs of a task, and where a write was made whose workflow task got lost: the time of a later one is later.
    this.sequence = Math.max(this.sequence + 1, nowMs());
    return { taskId: this.task.request.taskId, sequence: this.sequence, state: queueState(this.state) };
  }

  private get current(): Revision {
    if (this.task.revision === null) throw new TypeError('Expected a verdict before its review');
    return this.task.revision;
  }
}
