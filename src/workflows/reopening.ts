import { CancellationScope, setHandler } from '@temporalio/workflow';
import { ended, isAppealed, isOpen, openReview } from '../domain/review.js';
import { refusalOfAppeal } from '../domain/review-refusals.js';
import { reviewRules } from '../domain/review-rules.js';
import { reviewView } from '../domain/review-view.js';
import type { AppealRequest, Recorded, ReviewView } from '../schema/review.js';
import type { Verdict } from '../schema/verdict.js';
import { records, reviews } from './activity-options.js';
import { applyPolicy, openAppeal, type PolicyApplication } from './messages.js';
import { nowMs } from './now.js';
import { eventOf } from './review-events.js';
import { refuse } from './review-handlers.js';
import type { ReviewRecord } from './review-record.js';

/** Has handled what reopens the review of a task with a verdict, or closes it without a person. */
export function handleReopening(record: ReviewRecord): void {
  const { task } = record;
  setHandler(openAppeal, appeal, {
    validator: (asked: AppealRequest) => {
      refuse(refusalOfAppeal(record.state, asked, task.revision !== null));
    },
  });
  setHandler(applyPolicy, apply, {
    validator: (application: PolicyApplication) => {
      refuse(refusalOfPolicy(record, application));
    },
  });

  async function appeal(asked: AppealRequest): Promise<ReviewView> {
    const { appealId, appellant, reason, sender } = asked;
    const { taskId, policy } = task.request;
    record.isAsked = true;
    if (record.state.appealId !== appealId) {
      const { categories, deciders } = await CancellationScope.nonCancellable(() => reviews.reviewBasis({ taskId }));
      // Another appeal may have been quicker, or a policy.
      refuse(refusalOfAppeal(record.state, asked, true));
      if (record.state.appealId !== appealId) {
        const notes = [{ kind: 'appeal' as const, by: appellant, reason }];
        const opening = { kind: 'appeal' as const, categories, barred: deciders, appealId, notes, nowMs: nowMs() };
        record.state = openReview(opening, reviewRules(policy, categories));
        await record.showAtOnce(eventOf(task.request, 'appeal-opened', appealId, { reviewer: appellant, sender }));
      }
    }
    return reviewView(record.state);
  }

  async function apply({ decisionId, policy, policyDigest }: PolicyApplication): Promise<Recorded> {
    const { taskId } = task.request;
    record.isAsked = true;
    const verdict = await records.redecide({ taskId, policy, policyDigest });
    const made = { taskId, origin: 'policy' as const, verdict, decisionId, reviewer: null, reason: null };
    const revision = await records.recordRevision({ ...made, recordedAt: new Date().toISOString() });
    record.revised(revision);
    settleBy(verdict);
    await record.showAtOnce();
    return { revision: revision.revision, suggestion: verdict.suggestion, step: record.state.step };
  }

  function settleBy({ suggestion, categories }: Verdict): void {
    const { state } = record;
    // Somebody has decided meanwhile, and that counts, whatever a policy says.
    if (state.readings.length > 0 || state.step === 'held') return;
    const rules = reviewRules(task.request.policy, categories);
    if (isAppealed(state)) record.state = { ...state, categories };
    else if (suggestion !== 'review') record.state = ended(state, 'none');
    else if (isOpen(state)) record.state = { ...state, categories, rule: rules.reading };
    else {
      const opening = { kind: 'review' as const, categories, barred: [], appealId: null, nowMs: nowMs() };
      record.state = openReview(opening, rules);
    }
  }
}

/** A policy decides where no person has, nobody is about to, and nobody is to hear an appeal. */
function refusalOfPolicy({ state, task }: ReviewRecord, { decisionId }: Partial<PolicyApplication>): string | null {
  if (!decisionId) return 'Expected decisionId to be a non-empty string.';
  if (task.revision === null) return 'A policy can be applied once the task has a verdict.';
  const { origin } = task.revision;
  if (origin === 'person' || origin === 'appeal' || state.readings.length > 0 || state.step === 'held') {
    return 'A policy can be applied while nobody has decided the task, not over a decision.';
  }
  if (isAppealed(state)) return 'The task is appealed against: a person decides it, and no policy.';
  return null;
}
