import type { EvidenceItem } from '../schema/evidence.js';
import type { ImageFinding } from '../schema/probed.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision } from '../schema/verdict.js';
import { mediaActivities, records } from './activity-options.js';
import { detectorNames } from './detector-names.js';
import { decideTask } from './decide-task.js';
import { assertSomethingSeen, recordVerdict, runTask } from './run-task.js';
import { pausable } from './pausable.js';
import type { TaskState } from './task-state.js';

/**
 * Moderates one image, or the frames of an animated one: classify, decide, record, keep evidence, and wait for a person where the verdict is `review`.
 * The workflow id is the task id. Answers the last result; fails when the machine could not reach a verdict.
 */
export async function moderateImage(request: TaskRequest): Promise<ModerationResultBody> {
  return runTask(request, { moderate, keepEvidence });
}

async function moderate(task: TaskState): Promise<ImageFinding> {
  const { request } = task;
  const { taskId, source, options, policy, policyDigest, banks = [] } = request;
  task.progress.phase = 'classifying';
  const input = {
    source,
    options,
    detectors: detectorNames(request),
    infos: request.detectors,
    policy,
    policyDigest,
    banks,
  };
  const found = await pausable(task, () => mediaActivities('image', request, task.priority).classifyImage(input));
  const { probed, plan, result } = found;
  await records.recordPlan({ taskId, probed, plan });
  assertSomethingSeen([result]);

  task.progress = { phase: 'deciding', done: plan.count, total: plan.count };
  const verdict = await decideTask({ request, probed, plan, classified: [result] });
  await recordVerdict(task, verdict, [result]);
  return found;
}

async function keepEvidence(
  { request, priority }: TaskState,
  { probed }: ImageFinding,
  { verdict }: Revision,
): Promise<EvidenceItem[]> {
  const media = mediaActivities('evidence', request, priority);
  return media.keepImageEvidence({ probed, options: request.options, blockFrames: verdict.blockFrames });
}
