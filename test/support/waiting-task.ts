import { randomUUID } from 'node:crypto';
import { decide } from '../../src/domain/decide.js';
import { openReview } from '../../src/domain/review.js';
import { reviewRules } from '../../src/domain/review-rules.js';
import type { Policy } from '../../src/schema/policy.js';
import type { ReviewDecision, ReviewView } from '../../src/schema/review.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { Revision } from '../../src/schema/verdict.js';
import { writeChunk } from '../../src/store/observations.js';
import { askReview } from '../../src/temporal/reviews.js';
import { memoOf } from '../../src/temporal/task-memo.js';
import { attributesOf } from '../../src/temporal/tasks.js';
import { untilAnswered } from '../../src/temporal/until-answered.js';
import type { reviewTask } from '../../src/workflows/review-task.js';
import { PROBED } from '../store/make-records.js';
import { PARROT } from './clips.js';
import { requestFor, type TestInstallation } from './installation.js';
import { decidable, POLICY, scores } from './verdicts.js';

type Review = Partial<Policy['review']>;

/** The policy of the tests with these rules of review. */
export function policyWith(review: Review): Policy {
  return { ...POLICY, review: { ...POLICY.review, ...review } };
}

/** What the machine has seen in the tasks that are put up here, and found by it. */
const SEEN = decidable(scores({ 3: [0.9], 8: [0.7] }));
const FOUND = decide(SEEN);

/**
 * Puts up a task as a run leaves it that goes on in another one: what was seen and its verdict are recorded, and it waits for a person. The workflow takes it up as it does
 * after a long history, and nothing has to be decoded.
 */
export async function waitingTask(
  installation: TestInstallation,
  review: Review = {},
  more: Partial<TaskRequest> = {},
): Promise<string> {
  const { records, blobs, tasks } = installation;
  const policy = policyWith(review);
  const request = { ...(await requestFor(installation, PARROT, { policy })), ...more };
  const { taskId } = request;
  const now = new Date();
  const startTime = now.toISOString();
  await records.createTask(request, startTime);
  const { observations, plan } = SEEN;
  const probed = {
    ...PROBED,
    source: { ...PROBED.source, ...request.source },
    video: { ...PROBED.video, ...SEEN.video },
  };
  await records.recordPlan(taskId, probed, plan);
  await records.recordObservations(taskId, 0, [
    await writeChunk(blobs, { from: 0, to: plan.count, observations: [...observations] }),
  ]);
  const made = {
    taskId,
    origin: 'machine' as const,
    verdict: { ...FOUND, policyDigest: request.policyDigest },
    recordedAt: startTime,
    decisionId: `${taskId}/machine`,
  };
  const revision = await records.appendRevision({ ...made, reviewer: null, reason: null });
  await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime: startTime });
  const { categories } = FOUND;
  const opening = { kind: 'review' as const, categories, barred: [], appealId: null, nowMs: now.getTime() };
  const state = openReview(opening, reviewRules(policy, categories));
  const known = { status: 'Succeeded' as const, code: '', message: '', startTime, endTime: startTime, revision };
  await tasks.client.workflow.start<typeof reviewTask>('reviewTask', {
    workflowId: taskId,
    taskQueue: tasks.queues.moderation,
    args: [{ request, known, review: { state, sequence: 0 } }],
    memo: memoOf(request),
    typedSearchAttributes: attributesOf(request, tasks.installation),
  });
  return taskId;
}

/** The same, in the queue as its workflow shows it when it begins to wait. */
export async function queuedTask(
  installation: TestInstallation,
  review: Review = {},
  more: Partial<TaskRequest> = {},
): Promise<string> {
  const taskId = await waitingTask(installation, review, more);
  const { openedAt, dueAt } = await untilReview(installation, taskId, ({ step }) => step === 'waiting');
  const state = { step: 'waiting', level: 'reviewer', claim: null, dueAt } as const;
  const entry = { taskId, kind: 'review' as const, readers: [], openedAt: openedAt!, sequence: 1 };
  await installation.records.queue.put({ ...entry, ...state });
  return taskId;
}

/** A decision with an id of its own. */
export function decisionOf(reviewer: string, suggestion: 'pass' | 'block', change: Partial<ReviewDecision> = {}) {
  return { decisionId: randomUUID(), suggestion, reviewer, reason: 'A parrot.', ...change };
}

/** Sends the same message until somebody answers it: a worker that is busy may not in time. */
export function answered<Answer>(send: () => Promise<Answer | 'pending'>): Promise<Answer> {
  return untilAnswered(send, new AbortController().signal);
}

/** Asks again and again until the review of a task is as wanted. */
export async function untilReview(
  { tasks }: TestInstallation,
  taskId: string,
  isWanted: (view: ReviewView) => boolean,
): Promise<ReviewView> {
  const startedAt = performance.now();
  for (let pauseMs = 25; performance.now() - startedAt < 120_000; pauseMs = Math.min(2 * pauseMs, 400)) {
    const view = await askReview(tasks, taskId);
    if (view !== null && isWanted(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`Expected the review of ${taskId} to become as wanted within two minutes`);
}

/** Who made which revisions. */
export async function revisionsOf(
  { records }: TestInstallation,
  taskId: string,
): Promise<Pick<Revision, 'revision' | 'origin' | 'reviewer'>[]> {
  const all = await records.revisions(taskId);
  return all.map(({ revision, origin, reviewer }) => ({ revision, origin, reviewer }));
}

/** Kinds of what the audit record has about a task, in their order. */
export async function eventsOf({ records }: TestInstallation, taskId: string): Promise<string[]> {
  const rows = await records.audit.page({ taskId, limit: 100 });
  return rows.map(({ kind }) => kind).reverse();
}
