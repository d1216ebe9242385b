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

    test('a chunk recorded later replaces those that share samples with it', async () => {
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
      const tail = { from: 90, to: 120, digest: digestOf('tail') };
      await records.recordObservations(taskId, 2, [tail]);
      expect(await records.observationChunks(taskId)).toStrictEqual([tail]);
    });

    test('what is said of each segment, and of all in the end, stands beside what was seen in them, also when it is recorded again', async () => {
      const taskId = await addTask();
      const chunk = (from: number, to: number, name: string) => ({ from, to, digest: digestOf(name) });
      const segments = [
        [chunk(0, 5, 'a'), chunk(5, 10, 'b'), chunk(10, 10, 'watched a b')],
        [chunk(10, 20, 'c'), chunk(20, 20, 'watched c')],
        [chunk(20, 23, 'looked closer')],
        [chunk(20, 20, 'concluded')],
      ];
      for (let times = 0; times < 2; times++) {
        for (const [segment, chunks] of segments.entries()) await records.recordObservations(taskId, segment, chunks);
      }
      expect((await records.observationChunks(taskId)).map(({ digest }) => digest)).toEqual(
        ['a', 'b', 'watched a b', 'c', 'watched c', 'concluded', 'looked closer'].map(digestOf),
      );
      // Decoded once more, as one: what was said of the segments in it goes with them.
      await records.recordObservations(taskId, 4, [chunk(10, 20, 'linear'), chunk(20, 20, 'watched linear')]);
      expect((await records.observationChunks(taskId)).map(({ digest }) => digest)).toEqual(
        ['a', 'b', 'watched a b', 'linear', 'watched linear', 'looked closer'].map(digestOf),
      );
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
