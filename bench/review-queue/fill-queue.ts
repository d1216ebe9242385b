import { SCENES, type Scene } from '../../src/schema/scene.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { Db } from '../../src/store/sql/tables.js';
import { rowOf } from '../../src/store/sql/queue-rows.js';
import { rowsOf, toRecord } from '../../src/store/sql/tasks.js';

/** When the last one began to wait; each other one began a second before. */
const END_MS = Date.UTC(2026, 0, 1);
/** Entries that go into one statement: SQLite takes 32,766 values. */
const BATCH = 250;

/** Puts so many tasks like `base` there at once that wait for a person, of ten projects, with tags that half, a tenth and a thousandth of them have; 2 % are for leads. */
export async function fillQueue(db: Db, base: TaskRequest, count: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (let first = 0; first < count; first += BATCH) {
      const entries = Array.from({ length: Math.min(BATCH, count - first) }, (_, n) => entryOf(base, first + n, count));
      await transaction
        .insertInto('tasks')
        .values(entries.map(({ task }) => task))
        .execute();
      await transaction
        .insertInto('review_queue')
        .values(entries.map(({ entry }) => entry))
        .execute();
    }
  });
}

function entryOf(base: TaskRequest, n: number, count: number) {
  const openedMs = END_MS - (count - n) * 1000;
  const openedAt = new Date(openedMs).toISOString();
  const tags = { half: `${n % 2}`, tenth: `${n % 10}`, rare: `${n % 1000}` };
  // In no order of time, as task ids are.
  const taskId = `VideoModeration-${((n * 7919) % 1_048_573).toString(16).padStart(5, '0')}`;
  const { task } = rowsOf({ ...base, taskId, tags, projectName: `bench ${n % 10}` }, openedAt);
  const scene: Scene = SCENES[n % SCENES.length] ?? 'porn';
  const frame = { sample: 0, offset: 0, timeS: 0, label: scene, scene, detectors: [] };
  const verdict = {
    suggestion: 'review' as const,
    categories: [scene],
    blockFrames: [{ ...frame, rate: (n * 7919) % 100 }],
    reasons: [],
    coverage: { inspected: 1, planned: 1, largestGapS: 0 },
    inspectedScenes: [scene],
    notInspectedScenes: [],
    detectors: [],
    policyDigest: base.policyDigest,
  };
  const entry = rowOf({ task: toRecord({ ...task, end_time: null, probed: null, plan: null }), verdict }, 'review', {
    step: 'waiting',
    level: n % 50 === 49 ? 'lead' : 'reviewer',
    claim: null,
    readers: [],
    // Not in the order in which they came: projects have deadlines of their own.
    dueAt: new Date(openedMs + ((n % 10) + 1) * 3_600_000).toISOString(),
    openedAt,
  });
  return { task, entry };
}
