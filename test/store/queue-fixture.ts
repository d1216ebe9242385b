import { randomUUID } from 'node:crypto';
import type { Claim } from '../../src/schema/review.js';
import type { ReviewLevel } from '../../src/schema/review-rules.js';
import type { Scene } from '../../src/schema/scene.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { RecordStore } from '../../src/store/records.js';
import type { NewQueueState, QueueQuery, ReviewQueue } from '../../src/store/review-queue.js';
import { createRecordStore } from '../../src/store/sql/record-store.js';
import { reviewQueue } from '../../src/store/sql/review-queue.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { makeRequest, makeRevision, makeVerdict } from './make-records.js';

const START_MS = Date.UTC(2026, 0, 1);
/** An instant so many minutes after the beginning of the tests. */
export const at = (minutes: number): string => new Date(START_MS + minutes * 60_000).toISOString();

/** Every project, the most urgent first. */
export const ANY = { projects: null, order: 'deadline' } as const satisfies Partial<QueueQuery>;

/** A lease, until so many minutes after the beginning. */
export const claimBy = (reviewer: string, untilMinutes = 10): Claim => ({
  claimId: `${reviewer}'s`,
  reviewer,
  until: at(untilMinutes),
});

/** What of the verdict of a task the queue shows. */
interface Found {
  rate?: number;
  scenes?: Scene[];
}

/** A state of a task that waits, the first one, unless told otherwise. */
export const state = (taskId: string, given: Partial<NewQueueState> = {}): NewQueueState => ({
  taskId,
  kind: 'review',
  step: 'waiting',
  level: 'reviewer',
  claim: null,
  readers: [],
  openedAt: at(0),
  dueAt: at(60),
  sequence: 1,
  ...given,
});

/** For each test an empty queue, whose clock stands at the beginning, and what tests do with it. */
export function queueFixture(open: () => Promise<DatabaseUse>) {
  const stores = {} as { records: RecordStore; queue: ReviewQueue };
  let nowMinutes = 0;
  beforeEach(async () => {
    nowMinutes = 0;
    const { db, close } = await open();
    stores.records = createRecordStore(db, close);
    stores.queue = reviewQueue(db, () => Date.parse(at(nowMinutes)));
  });
  afterEach(async () => {
    await stores.records.close();
  });

  /** A task with a machine's verdict. */
  const addTask = async (given: Partial<TaskRequest> = {}, { rate = 50, scenes = ['porn'] }: Found = {}) => {
    const taskId = given.taskId ?? `VideoModeration-${randomUUID()}`;
    await stores.records.createTask(makeRequest(taskId, given), at(0));
    const found = makeVerdict('review');
    const blockFrames = found.blockFrames.map((frame) => ({ ...frame, rate }));
    const verdict = { ...found, categories: scenes, blockFrames };
    await stores.records.appendRevision(makeRevision(taskId, { verdict }));
    return taskId;
  };
  return {
    stores,
    setMinutes: (minutes: number) => void (nowMinutes = minutes),
    addTask,
    /** A task that waits. */
    addWaiting: async (given: Partial<NewQueueState> = {}, request: Partial<TaskRequest> = {}, found: Found = {}) => {
      const taskId = await addTask(request, found);
      await stores.queue.put(state(taskId, given));
      return taskId;
    },
    idsOf: async (query: Partial<QueueQuery>) =>
      (await stores.queue.page({ ...ANY, limit: 100, ...query })).entries.map(({ taskId }) => taskId),
    offerTo: async (reviewer: string, query: Partial<QueueQuery> = {}, level: ReviewLevel = 'reviewer') =>
      (await stores.queue.offer({ ...ANY, ...query }, { reviewer, level, forMs: 30_000 }))?.taskId ?? null,
  };
}
