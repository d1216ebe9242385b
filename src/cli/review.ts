import { userInfo } from 'node:os';
import { nanoid } from 'nanoid';
import { openStores } from '../deps.js';
import type { TaskRecord } from '../store/records.js';
import type { ReviewDecision, Sender } from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import { ReviewRefusedError, submitReview } from '../temporal/reviews.js';
import { untilAnswered } from '../temporal/until-answered.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findTask } from './find-task.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

export interface DecideOptions {
  reason?: string;
  /** One of the reasons that the project's policy lists. */
  reasonCode?: string;
  /** Name that the decision is recorded under; default: the user of this session. */
  reviewer?: string;
  /** Where it is not the same for all scenes. */
  scene?: NonNullable<ReviewDecision['scenes']>;
  /** Where it is not the same for a whole scene. */
  span?: NonNullable<ReviewDecision['spans']>;
}

/** `framewarden review pass|block ID`: decides a task that waits for a person, and answers once that is recorded. */
export async function decide(
  context: CommandContext,
  suggestion: 'pass' | 'block',
  id: string,
  { reason, reasonCode, reviewer = userInfo().username, scene, span }: DecideOptions,
): Promise<ExitCode> {
  const { config, say, print, interrupt } = context;
  const stores = await openStores(config);
  const found = await findDecidable(stores.records, id).finally(() => stores.records.close());
  const { taskId } = found.task.request;
  const session = await openSession(config, say, interrupt);
  try {
    const decision = {
      ...{ decisionId: `cli-${nanoid()}`, suggestion, reviewer, reason: reason ?? null, sender: sender() },
      ...(reasonCode !== undefined && { reasonCode }),
      ...(scene !== undefined && { scenes: scene }),
      ...(span !== undefined && { spans: span }),
    };
    const { step, ...recorded } = await untilAnswered(() => submitReview(session.tasks(), taskId, decision), interrupt);
    print(
      step === 'decided'
        ? `${taskId}: ${recorded.suggestion}, recorded as revision ${recorded.revision} by ${reviewer}.\n`
        : `${taskId}: read by ${reviewer}; somebody else has to read it before it is decided.\n`,
    );
    return EXIT_CODES.pass;
  } catch (error) {
    if (!(error instanceof ReviewRefusedError)) throw error;
    throw new UsageError(`${taskId}: ${error.message}`, { cause: error });
  } finally {
    await session.close();
  }
}

/** Who uses the command, for the audit record. */
export function sender(): Sender {
  return { actor: `cli:${userInfo().username}`, address: null };
}

/** The task and its latest verdict. @throws {UsageError} while there is none. */
export async function findDecidable(
  records: Awaited<ReturnType<typeof openStores>>['records'],
  id: string,
): Promise<{ task: TaskRecord; revision: Revision }> {
  const task = await findTask(records, id);
  const revision = await records.latestRevision(task.request.taskId);
  if (revision === null) {
    throw new UsageError(
      `Expected ${task.request.taskId} to have a verdict, but it is ${task.status}${task.code === '' ? '' : ` (${task.code})`}.`,
    );
  }
  return { task, revision };
}
