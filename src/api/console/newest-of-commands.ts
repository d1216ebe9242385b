import { DEFAULT_PROJECT, type TaskRequest } from '../../schema/task.js';
import type { ConsoleService } from './service.js';

/** The newest task that a command has started, of those that are kept; none where there is none. Each brings its policy along. */
export async function newestOfCommands({
  records,
}: Pick<ConsoleService, 'records'>): Promise<Pick<TaskRequest, 'policy' | 'policyDigest'>[]> {
  const { tasks } = await records.queryTasks({ project: DEFAULT_PROJECT, sort: 'StartTime', order: 'desc', limit: 1 });
  return tasks.map(({ request: { policy, policyDigest } }) => ({ policy, policyDigest }));
}
