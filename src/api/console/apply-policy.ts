import { errorMessage } from '../../domain/error-code.js';
import type { PolicyVersion } from '../../store/policy-versions.js';
import type { Redecided } from '../../store/what-if.js';
import { applyPolicyTo } from '../../temporal/apply-policy.js';
import type { ConsoleService } from './service.js';

/** Tasks that are decided again at the same time: what has to be moderated meanwhile goes on. */
const AT_ONCE = 4;
/** How long one may take, in milliseconds. */
const ONE_MS = 15_000;

/**
 * Makes a policy's verdict the next revision of the tasks that it changes, from what was seen of them: nothing is decoded. What a person decides meanwhile stays,
 * and counts as failed, as does what cannot be reached; applying the policy once more goes on with those.
 */
export async function applyPolicy(
  { records, tasks, log }: Pick<ConsoleService, 'records' | 'tasks' | 'log'>,
  { version, policy, policyDigest }: PolicyVersion,
  redecided: readonly Redecided[],
): Promise<{ applied: number; failed: number }> {
  const outcome = { applied: 0, failed: 0 };
  const waiting = redecided.filter(({ suggestion, to }) => suggestion !== to);
  const applyNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { taskId } = next;
      try {
        const found = await records.findResult(taskId);
        if (found?.revision == null) throw new TypeError(`Expected ${taskId} to have a verdict.`);
        const { task, revision } = found;
        const application = {
          decisionId: `policy-${version}/${policyDigest}/${revision.revision}`,
          policy,
          policyDigest,
        };
        const client = tasks();
        await client.client.connection.withDeadline(Date.now() + ONE_MS, () =>
          applyPolicyTo(client, task, revision, application),
        );
        outcome.applied++;
      } catch (error) {
        outcome.failed++;
        log('warn', 'A policy could not be applied to a task', { taskId, version, error: errorMessage(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, applyNext));
  return outcome;
}
