import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TaskStatus } from './schema/result.js';
import type { ReviewLevel } from './schema/review-rules.js';

/** What is counted anew each time that somebody asks. */
export interface Standing {
  tasks: ReadonlyMap<TaskStatus, number>;
  /** Tasks that wait for somebody to take them, by who may. */
  waiting: Readonly<Record<ReviewLevel, number>>;
  /** How long the first of those has waited, in seconds; 0 when none waits. */
  oldestSeconds: number;
}

/** What a process counts for its operators, in the text form of Prometheus. */
export interface Metrics {
  /** An answered request; `code` is `OK` or the `Code` of its error. */
  request(operation: string, code: string, seconds: number): void;
  /** An activity that began after waiting in its queue. */
  queueWait(activity: string, seconds: number): void;
  /** Samples that were classified to the end. */
  samples(count: number): void;
  /** What became of an attempt to deliver a notification. */
  notification(outcome: 'delivered' | 'failed' | 'dead'): void;
  /** Everything as text, with what stands now. */
  text(standing: Standing): Promise<string>;
  contentType: string;
}

/** Seconds: from a read of one row to a client that gave up. */
const REQUEST_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3];
/** Seconds: from an idle worker to a backlog of an hour. */
const WAIT_BUCKETS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'framewarden_request_seconds',
    help: 'Requests by operation and code',
    labelNames: ['operation', 'code'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const waits = new Histogram({
    name: 'framewarden_queue_wait_seconds',
    help: 'Time from scheduling an activity to its begin',
    labelNames: ['activity'],
    buckets: WAIT_BUCKETS,
    registers,
  });
  const samples = new Counter({ name: 'framewarden_samples_total', help: 'Samples classified', registers });
  const notifications = new Counter({
    name: 'framewarden_notification_attempts_total',
    help: 'Attempts to deliver a notification by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const tasks = new Gauge({
    name: 'framewarden_tasks',
    help: 'Tasks kept, by status',
    labelNames: ['status'],
    registers,
  });
  const waiting = new Gauge({
    name: 'framewarden_reviews_waiting',
    help: 'Tasks that wait for a person to take them, by who may (reviewer: anybody, lead: leads only)',
    labelNames: ['level'],
    registers,
  });
  const oldest = new Gauge({
    name: 'framewarden_reviews_oldest_seconds',
    help: 'How long the first of those has waited; 0: none waits',
    registers,
  });
  return {
    request(operation, code, seconds) {
      requests.observe({ operation, code }, seconds);
    },
    queueWait(activity, seconds) {
      waits.observe({ activity }, seconds);
    },
    samples(count) {
      samples.inc(count);
    },
    notification(outcome) {
      notifications.inc({ outcome });
    },
    async text(standing) {
      for (const [status, number] of standing.tasks) tasks.set({ status }, number);
      for (const [level, number] of Object.entries(standing.waiting)) waiting.set({ level }, number);
      oldest.set(standing.oldestSeconds);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
