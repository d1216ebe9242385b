import { randomUUID } from 'node:crypto';
import type { RecordStore } from '../../src/store/records.js';
import { digestOf, makeEvidence, makeRequest } from './make-records.js';

/** What every engine of the record store must do about what was found: where observations lie, and evidence; `open` answers a new empty one. */
export function findingContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`findings in ${engine}`, () => {
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

    test('chunks of observations are answered by first sample, whatever order they came in', async () => {
      const taskId = await addTask();
      const later = { from: 100, to: 150, digest: digestOf('b') };
      const earlier = { from: 0, to: 100, digest: digestOf('a') };
      await records.recordObservations(taskId, 1, [later]);
      await records.recordObservations(taskId, 0, [earlier]);
      await records.recordObservations(taskId, 0, [earlier]);
      expect(await records.observationChunks(taskId)).toStrictEqual([earlier, later]);
    });

    test('a chunk recorded later replaces the one that begins with the same sample, and those within it', async () => {
      const taskId = await addTask();
      const rest = { from: 100, to: 120, digest: digestOf('rest') };
      await records.recordObservations(taskId, 0, [
        { from: 0, to: 40, digest: digestOf('a') },
        { from: 40, to: 100, digest: digestOf('b') },
      ]);
      await records.recordObservations(taskId, 1, [rest]);
      const whole = { from: 0, to: 100, digest: digestOf('whole') };
      await records.recordObservations(taskId, 0, [whole]);
      expect(await records.observationChunks(taskId)).toStrictEqual([whole, rest]);
    });

    test('a chunk of no samples behind all others stands beside them, also when everything is recorded again', async () => {
      const taskId = await addTask();
      const [seen, concluded] = [
        { from: 0, to: 14, digest: digestOf('seen') },
        { from: 14, to: 14, digest: digestOf('concluded') },
      ];
      for (let times = 0; times < 2; times++) {
        await records.recordObservations(taskId, 0, [seen]);
        await records.recordObservations(taskId, 1, [concluded]);
      }
      expect(await records.observationChunks(taskId)).toStrictEqual([seen, concluded]);
    });

    test('evidence is kept in its order, and replaced as a whole', async () => {
      const taskId = await addTask();
      const clip = { ...makeEvidence(2, 'clip'), kind: 'clip', contentType: 'video/mp4', endS: 9.5 } as const;
      await records.recordEvidence(taskId, [makeEvidence(9, 'nine'), makeEvidence(3, 'three'), clip]);
      expect(await records.evidence(taskId)).toStrictEqual([makeEvidence(9, 'nine'), makeEvidence(3, 'three'), clip]);
      await records.recordEvidence(taskId, [makeEvidence(3, 'three')]);
      expect(await records.evidence(taskId)).toStrictEqual([makeEvidence(3, 'three')]);
    });
  });
}
