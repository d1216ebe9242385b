import { randomUUID } from 'node:crypto';
import { incorrectStatus } from '../../domain/imm-error.js';
import { openAppeal, ReviewRefusedError } from '../../temporal/reviews.js';
import { recordOf, resultOf } from './find-task.js';
import { readNamedTask } from './get-result.js';
import type { Operation } from './operation.js';

const MOST_ID_BYTES = 128;
const MOST_REASON_BYTES = 2000;

/**
 * `AppealModerationTask`: a task with a verdict is read again, by somebody who has not decided it. Answers `Pending` when nobody has confirmed it in two
 * seconds: it may still be applied, and the same `AppealId`, sent again, tells.
 */
export const appealModerationTask: Operation = {
  writes: true,
  async run(call) {
    const named = readNamedTask(call.parameters);
    const appealId = call.parameters.boundedText('AppealId', MOST_ID_BYTES) || randomUUID();
    const reason = call.parameters.boundedText('Reason', MOST_REASON_BYTES) || null;
    const recorded = await recordOf(call, named);
    if (recorded?.revision == null) {
      // Either nobody knows it, or it has no verdict.
      await resultOf(call, named, recorded);
      throw incorrectStatus(`Expected the task ${named.taskId} to have a verdict, but it has none.`);
    }
    const { task, revision } = recorded;
    const appeal = { appealId, appellant: call.sender.actor, reason, sender: call.sender };
    try {
      const answer = await openAppeal(call.service.tasks(), task, revision, appeal);
      return { TaskId: named.taskId, AppealId: appealId, State: answer === 'pending' ? 'Pending' : 'Waiting' };
    } catch (error) {
      if (!(error instanceof ReviewRefusedError)) throw error;
      throw incorrectStatus(error.message, error);
    }
  },
};
