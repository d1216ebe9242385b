import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';

/** What is told of the activities that a worker runs. */
export interface ActivityMeter {
  queueWait(activity: string, seconds: number): void;
  samples(count: number): void;
}

/** Tells how long an activity waited for a worker, and how many samples it has classified. */
export function activityMeter(meter: ActivityMeter, { info }: Context): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const waitedMs = Date.now() - info.currentAttemptScheduledTimestampMs;
      meter.queueWait(info.activityType, Math.max(0, waitedMs) / 1000);
      const result: unknown = await next(input);
      meter.samples(inspectedIn(result));
      return result;
    },
  };
}

/** Results of classifying activities say how many samples were inspected; others say nothing of the kind. */
function inspectedIn(result: unknown): number {
  if (typeof result !== 'object' || result === null) return 0;
  const { inspected, result: inner } = result as { inspected?: unknown; result?: unknown };
  return typeof inspected === 'number' ? inspected : inner === undefined ? 0 : inspectedIn(inner);
}
