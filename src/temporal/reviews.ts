import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type UpdateDefinition,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type {
  AppealRequest,
  Claim,
  ClaimRequest,
  EscalationRequest,
  Recorded,
  ReleaseRequest,
  ReviewDecision,
  ReviewView,
  WithdrawalRequest,
} from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import type { TaskRecord } from '../store/records.js';
import * as messages from '../workflows/messages.js';
import { isAnswer, isOutage } from './outages.js';
import { reopening } from './reopen.js';
import type { TaskClient } from './tasks.js';

/** Thrown when a message about a review was refused: it changed nothing, and the same message will be refused again. */
export class ReviewRefusedError extends Error {
  override name = 'ReviewRefusedError' as const;
  constructor(
    readonly taskId: string,
    /** For who sent it: one sentence. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Type of the failure of a message that was accepted, and whose workflow was over before it was answered: the service makes it, not the workflow. */
const UNANSWERED = 'AcceptedUpdateCompletedWorkflow';
/** Longest wait for an answer; an update hangs for as long as no worker is there. */
const ANSWER_MS = 2000;

// Each of these answers `'pending'` when nobody answered in time, or the workflow was ended meanwhile: the message may still be applied later. Whoever sends the
// same once more, with the same id, learns what became of it. A message that is refused rejects with ReviewRefusedError.

/** Takes a task for its reviewer, for as long as the project's policy says. */
export async function claimReview(tasks: TaskClient, taskId: string, claim: ClaimRequest): Promise<Claim | 'pending'> {
  return send(tasks, taskId, messages.claimReview, claim, `claim/${claim.claimId}`);
}

/** Gives a task back. */
export async function releaseReview(
  tasks: TaskClient,
  taskId: string,
  release: ReleaseRequest,
): Promise<'done' | 'pending'> {
  return done(await send(tasks, taskId, messages.releaseReview, release, `release/${release.claimId}`));
}

/** Leaves a task to the leads. */
export async function escalateReview(
  tasks: TaskClient,
  taskId: string,
  escalation: EscalationRequest,
): Promise<ReviewView | 'pending'> {
  return send(tasks, taskId, messages.escalateReview, escalation, `escalate/${escalation.escalationId}`);
}

/** Decides a task; `step` of the answer says whether that settled it. */
export async function submitReview(
  tasks: TaskClient,
  taskId: string,
  decision: ReviewDecision,
): Promise<Recorded | 'pending'> {
  return send(tasks, taskId, messages.submitReview, decision, `submit/${decision.decisionId}`);
}

/** Takes a decision back that was made with `undoMs`. */
export async function withdrawReview(
  tasks: TaskClient,
  taskId: string,
  withdrawal: WithdrawalRequest,
): Promise<'done' | 'pending'> {
  return done(await send(tasks, taskId, messages.withdrawReview, withdrawal, `withdraw/${withdrawal.decisionId}`));
}

/** Has a task with a verdict read again, by somebody who has not decided it; the record and its latest revision are what a new run starts from. */
export async function openAppeal(
  tasks: TaskClient,
  record: TaskRecord,
  revision: Revision,
  appeal: AppealRequest,
): Promise<ReviewView | 'pending'> {
  const { taskId } = record.request;
  return answerOf(tasks, taskId, () =>
    tasks.client.workflow.executeUpdateWithStart(messages.openAppeal, {
      updateId: `appeal/${appeal.appealId}`,
      args: [appeal],
      startWorkflowOperation: reopening(tasks, record, revision),
    }),
  );
}

/** Where the review of a task stands, as its workflow says; `null` when there is none that Temporal knows, or nobody answers in time. */
export async function askReview({ client }: TaskClient, taskId: string): Promise<ReviewView | null> {
  try {
    return await client.connection.withDeadline(Date.now() + ANSWER_MS, () =>
      client.workflow.getHandle(taskId).query(messages.getReview),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || isAnswer(error)) return null;
    throw error;
  }
}

async function send<Answer, Message>(
  tasks: TaskClient,
  taskId: string,
  update: UpdateDefinition<Answer, [Message]>,
  message: Message,
  updateId: string,
): Promise<Answer | 'pending'> {
  return answerOf(tasks, taskId, () =>
    tasks.client.workflow.getHandle(taskId).executeUpdate(update, { args: [message], updateId }),
  );
}

/** Why a message about a review was refused, where that is why it failed; `null`: it was not. */
export function refusalOf(taskId: string, error: unknown): ReviewRefusedError | null {
  const failure = failureOf(error);
  if (failure === null || failure.type === UNANSWERED) return null;
  return new ReviewRefusedError(taskId, failure.message, { cause: error });
}

/** What a message failed with in its workflow, or because that was over. */
function failureOf(error: unknown): ApplicationFailure | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  return error.cause instanceof ApplicationFailure ? error.cause : null;
}

async function answerOf<Answer>(
  { client }: TaskClient,
  taskId: string,
  ask: () => Promise<Answer>,
): Promise<Answer | 'pending'> {
  try {
    return await client.connection.withDeadline(Date.now() + ANSWER_MS, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new ReviewRefusedError(taskId, 'The task is not waiting for a review: it has ended.', { cause: error });
    const refusal = refusalOf(taskId, error);
    if (refusal !== null) throw refusal;
    if (failureOf(error)?.type === UNANSWERED) return 'pending';
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isOutage(error)) return 'pending';
    throw error;
  }
}

function done(answer: ReviewView | 'pending'): 'done' | 'pending' {
  return answer === 'pending' ? answer : 'done';
}
