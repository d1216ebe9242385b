import { randomUUID } from 'node:crypto';
import type { Checkpoint } from '../../src/schema/observation.js';
import type { RecordStore } from '../../src/store/records.js';
import { makeCheckpoint, makeRequest } from './make-records.js';

/** What every engine of the record store must do about attempts and how far they came; `open` answers a new empty one. */
export function attemptContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`attempts in ${engine}`, () => {
    let records: RecordStore;
    beforeEach(async () => {
      records = await open();
    });
    afterEach(async () => {
      await records.close();
    });

    /** Inserts a task and answers its id. */
    const addTask = async () => {
      const taskId = `VideoModeration-${randomUUID()}`;
      await records.createTask(makeRequest(taskId), '2026-01-01T00:00:00.000Z');
      return taskId;
    };

    test('attempts are kept by segment and number, the last report of each', async () => {
      const taskId = await addTask();
      const attempt = (segment: number, number: number, to: number) =>
        ({ taskId, segment, attempt: number, from: 0, to }) as const;
      for (const record of [attempt(1, 1, 9), attempt(0, 2, 7), attempt(0, 1, 3), attempt(0, 2, 8)]) {
        await records.recordAttempt(record, makeCheckpoint(record.to));
      }
      expect(await records.attempts(taskId)).toStrictEqual([attempt(0, 1, 3), attempt(0, 2, 8), attempt(1, 1, 9)]);
    });

    test('a segment under way has the checkpoint of the last report', async () => {
      const [taskId, other] = [await addTask(), await addTask()];
      const report = (segment: number, to: number, reached: Checkpoint) =>
        records.recordAttempt({ taskId, segment, attempt: 1, from: 0, to }, reached);
      await report(0, 16, makeCheckpoint(0));
      await report(1, 16, makeCheckpoint(3));
      await report(0, 32, makeCheckpoint(14));
      expect(await records.checkpoint(taskId, 0)).toStrictEqual(makeCheckpoint(14));
      expect(await records.checkpoint(taskId, 1)).toStrictEqual(makeCheckpoint(3));
      expect(await records.checkpoint(other, 1)).toBeNull();
    });
  });
}
