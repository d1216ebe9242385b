import { digestOf } from '../../src/digest.js';
import { detectorInfos } from '../../src/detectors/registry.js';
import { ModerationOptions } from '../../src/schema/options.js';
import type { Policy } from '../../src/schema/policy.js';
import { newTaskRequest } from '../../src/task-request.js';
import { startTask } from '../../src/temporal/tasks.js';
import { until } from './installation.js';
import { PROJECT, type TestService } from './service.js';
import { POLICY } from './verdicts.js';

interface Asking {
  policy?: Policy;
  project?: string;
  options?: Partial<ModerationOptions>;
}

/** Has a service begin to moderate a video of its buckets; answers the task's id. */
export async function started(
  { installation }: TestService,
  uri: string,
  { policy = POLICY, project = PROJECT, options: asked }: Asking = {},
): Promise<string> {
  const options = ModerationOptions.parse({ scenes: ['porn'], ...asked });
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
  return request.taskId;
}

/** Has a service moderate a video of its buckets, until it waits for a person or has ended; answers the task's id. */
export async function moderated(
  service: TestService,
  uri = 'oss://clips/parrot.mp4',
  asking?: Asking,
): Promise<string> {
  const { installation } = service;
  const taskId = await started(service, uri, asking);
  const { ModerationResult } = await until(installation, taskId, 'verdict');
  if (ModerationResult?.Suggestion === 'review') await until(installation, taskId, 'waiting');
  else await installation.client.workflow.getHandle(taskId).result();
  return taskId;
}
