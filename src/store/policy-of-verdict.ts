import type { Policy } from '../schema/policy.js';
import type { TaskRequest } from '../schema/task.js';
import type { Verdict } from '../schema/verdict.js';
import type { RecordStore } from './records.js';

/**
 * The policy that a verdict of the machine was reached by: that of its task as it was started, unless another version was applied to it later. `null`: it is not
 * known any more.
 */
export async function policyOfVerdict(
  { policies }: Pick<RecordStore, 'policies'>,
  { policy, policyDigest, projectName }: Pick<TaskRequest, 'policy' | 'policyDigest' | 'projectName'>,
  verdict: Pick<Verdict, 'policyDigest'>,
): Promise<Policy | null> {
  if (policyDigest === verdict.policyDigest) return policy;
  const versions = await policies.list(projectName);
  return versions.find((version) => version.policyDigest === verdict.policyDigest)?.policy ?? null;
}
