import { allHandlersFinished, CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import {
  closedReview,
  ended,
  escalated,
  isOpen,
  nextDue,
  openReview,
  released,
  reminded,
  renewed,
  type Due,
  type Opening,
} from '../domain/review.js';
import { reviewRules } from '../domain/review-rules.js';
import { reviews } from './activity-options.js';
import { tellReviewers } from './notify.js';
import { nowMs } from './now.js';
import { handleReopening } from './reopening.js';
import { eventOf, SYSTEM } from './review-events.js';
import { handleReviewMessages } from './review-handlers.js';
import { ReviewRecord, type CarriedReview } from './review-record.js';
import type { TaskState } from './task-state.js';

/** The message that a run is started with comes with the start; where it was refused, there is nothing to wait for. */
const ASKED_WITHIN = '10s';

/**
 * The wait for people. Handles what they send from the first moment of the workflow, and refuses it while there is nothing to decide; minds the times of
 * leases, of decisions that may be withdrawn, and of the policy.
 */
export class HumanReview {
  private readonly record: ReviewRecord;
  /** Whether nothing but the wait is left, so that another run of the workflow can go on with it. */
  private isAlone = false;

  constructor(
    private readonly task: TaskState,
    carried?: CarriedReview,
  ) {
    this.record = new ReviewRecord(task, carried);
    // What came with the start is handled as soon as there is a handler: the state is there before.
    handleReviewMessages(this.record);
    handleReopening(this.record);
  }

  isOpen(): boolean {
    return isOpen(this.record.state);
  }

  /** Waits until somebody asks for another review, for as long as a message takes that comes with the start; answers whether anybody does. */
  async isAsked(): Promise<boolean> {
    return await condition(() => this.record.isAsked, ASKED_WITHIN);
  }

  /** The machine has come to its verdict: it waits for people from now on, or needs nobody. */
  async begin(): Promise<void> {
    const verdict = this.task.revision?.verdict;
    if (verdict?.suggestion !== 'review') {
      this.record.state = closedReview('none');
      return;
    }
    const opening: Opening = {
      kind: 'review',
      categories: verdict.categories,
      barred: [],
      appealId: null,
      nowMs: nowMs(),
    };
    this.record.state = openReview(opening, reviewRules(this.task.request.policy, verdict.categories));
    await this.record.show();
  }

  /** From now on the wait may go on in another run of the workflow, see {@link carriedOn}. */
  leaveAlone(): void {
    this.isAlone = true;
  }

  /**
   * Waits until people, a policy or the deadline have settled the task and everybody is told, or until it should go on in another run.
   * A cancellation ends the wait, but loses nothing that was accepted.
   */
  async settle(): Promise<void> {
    try {
      while (!this.isDone()) {
        if (this.mayCarryOn()) return;
        if (this.isOpen()) await this.wait(nextDue(this.record.state));
        else if (!allHandlersFinished()) await condition(allHandlersFinished);
        // What is settled is told, whoever cancels the task now; and another appeal may be accepted meanwhile.
        else await CancellationScope.nonCancellable(() => condition(() => this.isDone() || !allHandlersFinished()));
      }
      await this.task.notified;
    } catch (error) {
      if (isCancellation(error)) await CancellationScope.nonCancellable(() => this.cancel());
      throw error;
    }
  }

  /** What another run goes on with; `null`: nothing is left to do. */
  get carriedOn(): CarriedReview | null {
    return this.isOpen() ? this.record.carry() : null;
  }

  private async wait({ what, atMs }: Due): Promise<void> {
    const { record } = this;
    const waitMs = atMs - nowMs();
    if (waitMs <= 0) {
      await this.meet(what);
      return;
    }
    await condition(() => !this.isOpen() || nextDue(record.state).atMs < atMs || this.mayCarryOn(), waitMs);
  }

  /** Whether it is settled, everybody is answered, and everybody is told. */
  private isDone(): boolean {
    return !this.isOpen() && allHandlersFinished() && this.task.untold === 0;
  }

  private mayCarryOn(): boolean {
    const isQuiet = allHandlersFinished() && this.task.untold === 0;
    return this.isAlone && workflowInfo().continueAsNewSuggested && isQuiet;
  }

  private async meet(what: Due['what']): Promise<void> {
    const { record } = this;
    const { state } = record;
    const { request } = this.task;
    // Each happens once a review, or once a lease.
    const opened = new Date(state.openedMs).toISOString();
    switch (what) {
      case 'counts':
        if (state.held !== null) await record.count(state.held.decision);
        return;
      case 'lease':
        await this.endLease();
        return;
      case 'remind':
        record.state = reminded(state);
        void tellReviewers(this.task, record.state, 'reminder');
        await record.show(eventOf(request, 'task-reminded', opened, SYSTEM));
        return;
      case 'escalate':
        record.state = escalated(state);
        void tellReviewers(this.task, record.state, 'escalated');
        await record.show(eventOf(request, 'task-escalated', opened, SYSTEM));
        return;
      case 'deadline':
        await record.expire();
        return;
    }
  }

  private async endLease(): Promise<void> {
    const { record } = this;
    const { lease } = record.state;
    if (lease === null) return;
    const { claimId } = lease;
    const { taskId } = this.task.request;
    const untilMs = await reviews.leaseEnd({ taskId, claimId });
    if (record.state.lease?.claimId !== claimId) return;
    if (untilMs !== null && untilMs > nowMs()) {
      record.state = renewed(record.state, untilMs);
      return;
    }
    record.state = released(record.state);
    await record.show(eventOf(this.task.request, 'task-released', claimId, SYSTEM, { reviewer: lease.reviewer }));
  }

  private async cancel(): Promise<void> {
    const { record } = this;
    const { held } = record.state;
    if (held !== null) await record.count(held.decision);
    // An appeal may be accepted until all is told.
    while (!this.isDone()) {
      await condition(() => allHandlersFinished() && (this.isOpen() || this.task.untold === 0));
      if (!this.isOpen()) continue;
      const opened = new Date(record.state.openedMs).toISOString();
      record.state = ended(record.state, 'none');
      await record.show(eventOf(this.task.request, 'task-cancelled', opened, this.task.cancelledBy));
    }
    await this.task.notified;
  }
}
