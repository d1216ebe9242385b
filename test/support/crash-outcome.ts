import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from '../../src/cli/read-result.js';
import { openStores, type Stores } from '../../src/deps.js';
import type { AttemptRecord } from '../../src/store/records.js';

/** A task and where it is kept. */
export interface KeptTask {
  dataDir: string;
  taskId: string;
}

/** The newest task for a video in a data directory. */
export async function taskFor(dataDir: string, path: string): Promise<KeptTask> {
  return reading(dataDir, async ({ records }) => {
    const tasks = await records.listTasks({ limit: 100 });
    const task = tasks.find(({ request }) => request.source.uri.endsWith(path));
    if (task === undefined) throw new Error(`Expected a task for ${path}, found ${tasks.length} others.`);
    return { dataDir, taskId: task.request.taskId };
  });
}

/** Samples that attempts were entered for, over all tasks: it grows as long as something is classified. */
export async function samplesEntered(dataDir: string): Promise<number> {
  return reading(dataDir, async ({ records }) => {
    const tasks = await records.listTasks({ limit: 100 });
    const attempts = await Promise.all(tasks.map(({ request }) => records.attempts(request.taskId)));
    return attempts.flat().reduce((sum, { from, to }) => sum + to - from, 0);
  });
}

/** Expects a task to have come to the same as one that nothing had disturbed, and after no crash to have entered too many samples again; tells how many. */
export async function expectSameOutcome(calm: KeptTask, disturbed: KeptTask): Promise<void> {
  const [expected, got] = [await outcomeOf(calm), await outcomeOf(disturbed)];
  const again = repeated(got.attempts);
  process.stdout.write(`${got.task.request.source.uri}: samples entered again: ${again.join(', ')}.\n`);
  expect(got.compared).toEqual(expected.compared);
  expect(coveredTo(got.attempts)).toBe(expected.inspected);
  expect(again.filter((samples) => samples > MOST_REPEATED)).toEqual([]);
}

async function outcomeOf({ dataDir, taskId }: KeptTask) {
  return reading(dataDir, async ({ records, blobs }) => {
    const task = await records.findTask(taskId);
    const { ModerationResult, Code } = await readResult(records, taskId);
    if (task === null || ModerationResult === undefined) throw new Error(`Expected a verdict, found the code ${Code}.`);
    const [chunks, evidence] = [await records.observationChunks(taskId), await records.evidence(taskId)];
    // Read as well as compared by name: a blob must be there and whole.
    for (const { digest } of [...chunks, ...evidence]) await blobs.get(digest);
    const attempts = await records.attempts(taskId);
    const inspected = ModerationResult.Frames.TotalCount;
    return { task, attempts, inspected, compared: { ModerationResult, chunks, evidence } };
  });
}

/**
 * Samples of one segment that one crash may have classified once more, as entered in `attempts`: 16 are entered ahead, with how far it has come by then,
 * which three in flight are ahead of. Heartbeats make it fewer unless the server is away.
 */
const MOST_REPEATED = 16 + 3;

/** Samples that an attempt was entered for although the one before it had been entered for them as well, for every attempt that had one before it. */
function repeated(attempts: readonly AttemptRecord[]): number[] {
  const ordered = [...attempts].sort((a, b) => a.segment - b.segment || a.attempt - b.attempt);
  return ordered.flatMap((entry, index) => {
    const before = ordered[index - 1];
    return before?.segment === entry.segment ? [Math.max(0, before.to - entry.from)] : [];
  });
}

/** Samples from 0 up to the first one that no attempt was entered for. */
function coveredTo(attempts: readonly AttemptRecord[]): number {
  return [...attempts]
    .sort((a, b) => a.from - b.from)
    .reduce((to, entry) => (entry.from <= to ? Math.max(to, entry.to) : to), 0);
}

/** Blobs by their names, which are digests of their content. */
export function blobsOf(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'blobs'), { recursive: true, encoding: 'utf8' }).sort();
}

async function reading<T>(dataDir: string, read: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores({ dataDir, databaseUrl: null, blobs: null });
  return read(stores).finally(() => stores.records.close());
}
