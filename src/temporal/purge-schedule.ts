import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { purgeEnded } from '../workflows/purge-ended.js';
import type { TaskClient } from './tasks.js';

/** Has what ended longer ago than it is kept removed every hour, as long as there are workers; set up once for each installation. */
export async function ensurePurgeSchedule({ client, installation, queues }: TaskClient): Promise<void> {
  const scheduleId = `purge@${installation}`;
  try {
    await client.schedule.create<typeof purgeEnded>({
      scheduleId,
      spec: { intervals: [{ every: '1h' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
      action: {
        type: 'startWorkflow',
        workflowType: 'purgeEnded',
        workflowId: scheduleId,
        taskQueue: queues.moderation,
        args: [],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
