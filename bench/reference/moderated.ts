import type { AccessKey } from '../../src/store/access-keys.js';
import { signed } from '../api/signed.js';

/** Has the service moderate the parrot, and answers the task's id once its verdict is there. */
export async function moderated(endpoint: string, key: AccessKey): Promise<string> {
  const created = await call(endpoint, key, 'CreateVideoModerationTask', {
    SourceURI: 'oss://samples/cockatoo.mp4',
    Scenes: '["porn"]',
  });
  const named = { TaskType: 'VideoModeration', TaskId: String(created['TaskId']) };
  for (;;) {
    const { Status } = await call(endpoint, key, 'GetVideoModerationResult', named);
    if (Status === 'Succeeded') return named.TaskId;
    if (Status !== 'Running') throw new Error(`Expected the task to succeed, it is ${String(Status)}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function call(
  endpoint: string,
  key: AccessKey,
  action: string,
  query: Record<string, string>,
): Promise<Record<string, unknown>> {
  const { path, headers } = signed(key, endpoint, action, query);
  const answer = await fetch(`http://${endpoint}${path}`, { method: 'POST', headers });
  return (await answer.json()) as Record<string, unknown>;
}
