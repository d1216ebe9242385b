import { digestOf } from '../../src/digest.js';
import { detectorInfos } from '../../src/detectors/registry.js';
import { ModerationOptions } from '../../src/schema/options.js';
import type { Policy } from '../../src/schema/policy.js';
import { newTaskRequest } from '../../src/task-request.js';
import { startTask } from '../../src/temporal/tasks.js';
import { until } from './installation.js';
import { PROJECT, type TestService } from './service.js';
import { POLICY } from './verdicts.js';

/** Has a service moderate a video of its bucket `samples`, until it waits for a person or has ended; answers the task's id. */
export async function moderated(
  { installation }: TestService,
  uri = 'oss://samples/cockatoo.mp4',
  { policy = POLICY, project = PROJECT }: { policy?: Policy; project?: string } = {},
): Promise<string> {
  const options = ModerationOptions.parse({ scenes: ['porn'] });
  const request = newTaskRequest({
    source: { uri },
    options,
    detectors: await detectorInfos(options.scenes, []),
    policy,
    policyDigest: digestOf(policy),
    projectName: project,
    tags: { source: 'upload' },
    mediaQueue: installation.tasks.queues.sources,
  });
  await startTask(installation.tasks, request);
  const { ModerationResult } = await until(installation, request.taskId, 'verdict');
  if (ModerationResult?.Suggestion === 'review') await until(installation, request.taskId, 'waiting');
  else await installation.client.workflow.getHandle(request.taskId).result();
  return request.taskId;
}
