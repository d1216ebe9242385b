import { randomUUID } from 'node:crypto';
import type { RecordStore } from '../../src/store/records.js';
import { collected, purgeTasks } from './purging.js';
import { digestOf, makeCheckpoint, makeEvidence, makeRequest, makeRevision } from './make-records.js';

/** What every engine of the record store must do about tasks whose time is over; `open` answers a new empty one. */
export function purgeContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`purging in ${engine}`, () => {
    let records: RecordStore;
    beforeEach(async () => {
      records = await open();
    });
    afterEach(async () => {
      await records.close();
    });

    /** A task that ended at this time and refers to a blob of observations and one of evidence. */
    const addEnded = async (endTime: string, observations: string, picture: string) => {
      const taskId = `VideoModeration-${randomUUID()}`;
      await records.createTask(makeRequest(taskId), '2026-01-01T00:00:00.000Z');
      await records.appendRevision(makeRevision(taskId));
      await records.recordObservations(taskId, 0, [{ from: 0, to: 9, digest: digestOf(observations) }]);
      await records.recordAttempt({ taskId, segment: 0, attempt: 1, from: 0, to: 9 }, makeCheckpoint(9));
      await records.recordEvidence(taskId, [makeEvidence(3, picture)]);
      await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime });
      return taskId;
    };

    test('removes all records of tasks that ended before, and nothing of others', async () => {
      const old = await addEnded('2026-01-01T00:00:00.000Z', 'a', 'b');
      const atTheInstant = await addEnded('2026-02-01T00:00:00Z', 'c', 'd');
      await records.createTask(makeRequest('running'), '2026-01-01T00:00:00.000Z');
      const digests = await purgeTasks(records, '2026-02-01T00:00:00.000Z');
      expect(digests).toEqual([digestOf('a'), digestOf('b')].sort());
      expect(await records.findTask(old)).toBeNull();
      expect(await records.revisions(old)).toEqual([]);
      expect(await records.observationChunks(old)).toEqual([]);
      expect(await records.attempts(old)).toEqual([]);
      expect(await records.checkpoint(old, 0)).toBeNull();
      expect(await records.evidence(old)).toEqual([]);
      expect(await records.revisions(atTheInstant)).toHaveLength(1);
      expect(await records.observationChunks(atTheInstant)).toHaveLength(1);
      expect(await records.findTask('running')).not.toBeNull();
    });

    test('keeps what ended before but is not asked to be removed, with its blobs', async () => {
      const [old, waiting] = [
        await addEnded('2026-01-01T00:00:00.000Z', 'a', 'b'),
        await addEnded('2026-01-01T00:00:00.000Z', 'c', 'd'),
      ];
      const digests = await purgeTasks(records, '2026-02-01T00:00:00.000Z', [waiting]);
      expect(digests).toEqual([digestOf('a'), digestOf('b')].sort());
      expect(await records.findTask(old)).toBeNull();
      expect(await records.evidence(waiting)).toHaveLength(1);
    });

    test('a blob that several tasks refer to survives until the last of them', async () => {
      await addEnded('2026-01-01T00:00:00.000Z', 'shared', 'one');
      await addEnded('2026-03-01T00:00:00.000Z', 'other', 'shared');
      expect(await purgeTasks(records, '2026-02-01T00:00:00.000Z')).toEqual([digestOf('one')]);
      await records.forgetDigests([digestOf('one')]);
      const last = await purgeTasks(records, '2026-04-01T00:00:00.000Z');
      expect(last).toEqual([digestOf('other'), digestOf('shared')].sort());
    });

    test('digests are answered again until their blobs are known to be gone', async () => {
      await addEnded('2026-01-01T00:00:00.000Z', 'a', 'b');
      const digests = await purgeTasks(records, '2026-02-01T00:00:00.000Z');
      expect(await purgeTasks(records, '2026-02-01T00:00:00.000Z')).toEqual(digests);
      await records.forgetDigests([digestOf('a')]);
      expect(await purgeTasks(records, '2026-02-01T00:00:00.000Z')).toEqual([digestOf('b')]);
    });

    test('more tasks than a statement takes parameters are told of and removed, each once', async () => {
      const taskIds = Array.from({ length: 250 }, (_, n) => `task-${String(n).padStart(3, '0')}`);
      for (const [n, taskId] of taskIds.entries()) {
        await records.createTask(makeRequest(taskId), '2026-01-01T00:00:00.000Z');
        // Many of one time, so that pages end between them.
        const endTime = new Date(Date.UTC(2026, 0, 2) + (n % 2) * 1000).toISOString();
        await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime });
      }
      const pages = await collected(records.endedBefore('2026-02-01T00:00:00.000Z'));
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.flat().sort()).toEqual(taskIds);
      const absent = Array.from({ length: 70_000 }, (_, n) => `absent-${n}`);
      await records.removeTasks([...absent, ...taskIds]);
      expect(await collected(records.endedBefore('2026-02-01T00:00:00.000Z'))).toEqual([]);
    });

    test('digests that observations, evidence or the checkpoint of a running task name are told from those that nothing names', async () => {
      await addEnded('2026-03-01T00:00:00.000Z', 'seen', 'picture');
      await records.createTask(makeRequest('running'), '2026-01-01T00:00:00.000Z');
      const checkpoint = { ...makeCheckpoint(9), chunks: [{ from: 0, to: 1, digest: digestOf('reached') }] };
      await records.recordAttempt({ taskId: 'running', segment: 0, attempt: 1, from: 0, to: 9 }, checkpoint);
      const named = ['seen', 'picture', 'reached'].map(digestOf);
      // `chunk` is named by the checkpoint of a task that has ended.
      const left = ['chunk', 'discarded'].map(digestOf);
      expect(await records.unreferencedAmong([...named, ...left])).toEqual(left);
      expect(await records.unreferencedAmong([])).toEqual([]);
    });

    test('a digest that a task has come to refer to since is answered no more', async () => {
      await addEnded('2026-01-01T00:00:00.000Z', 'a', 'b');
      await purgeTasks(records, '2026-02-01T00:00:00.000Z');
      await addEnded('2026-03-01T00:00:00.000Z', 'b', 'c');
      expect(await purgeTasks(records, '2026-02-01T00:00:00.000Z')).toEqual([digestOf('a')]);
    });
  });
}
