import type { Reading } from '../../src/store/readings.js';
import type { RecordStore } from '../../src/store/records.js';
import { createRecordStore } from '../../src/store/sql/record-store.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { at } from './queue-fixture.js';

const ALL = { projects: null, from: at(-1e6), to: at(1e6) };
const NSFWJS = [{ detector: 'nsfwjs', review: 0.7, block: 0.9 }];
let n = 0;

/** A first reading of a task that the machine was not sure of; said to be harmless unless told otherwise. */
function makeReading(given: Partial<Reading> = {}): Reading {
  const person = given.person ?? 'pass';
  return {
    readingId: `reading ${++n}`,
    taskId: 'task',
    project: 'mine',
    reviewer: 'ada',
    kind: 'first',
    scenes: [{ scene: 'porn', machine: 'review', person, thresholds: NSFWJS }],
    machine: 'review',
    person,
    reasonCode: 'harmless',
    policyDigest: 'one',
    readAt: at(0),
    waitedMs: 1000,
    ...given,
  };
}

/** What every engine of the readings must do; `open` answers a new empty database. */
export function readingsContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`readings in ${engine}`, () => {
    let records: RecordStore;
    beforeEach(async () => {
      const { db, close } = await open();
      records = createRecordStore(db, close);
    });
    afterEach(async () => {
      await records.close();
    });
    const keep = async (...readings: Partial<Reading>[]) => {
      for (const reading of readings) await records.readings.keep(makeReading(reading));
    };

    test('a reading is kept once, without its task, and found by it, oldest first', async () => {
      const later = makeReading({ readAt: at(2), reviewer: 'b\0b', reasonCode: null, scenes: [], kind: 'appeal' });
      const first = makeReading({ readAt: at(1) });
      for (const reading of [later, first, { ...first, reviewer: 'eve' }]) await records.readings.keep(reading);
      expect(await records.readings.ofTask('task')).toStrictEqual([first, { ...later, reviewer: 'b\uFFFDb' }]);
      expect(await records.readings.ofTask('other')).toEqual([]);
    });

    test('readings are counted as wholes and by scene, in the projects and the time asked about', async () => {
      const both: Reading['scenes'] = [
        { scene: 'porn', machine: 'review', person: 'block', thresholds: NSFWJS },
        { scene: 'ad', machine: 'block', person: 'pass', thresholds: [] },
      ];
      const other = both.map((each) => ({ ...each, thresholds: [{ detector: 'nsfwjs', review: 0.5, block: null }] }));
      await keep(
        { taskId: '1', scenes: both, person: 'block', machine: 'block' },
        { taskId: '2', scenes: both, person: 'block', machine: 'block', waitedMs: 500.4 },
        { taskId: '3', project: 'theirs' },
        { taskId: '4', readAt: at(10) },
        { taskId: '5', scenes: other.slice(0, 1), person: 'block', machine: 'block' },
      );
      const row = { reviewer: 'ada', kind: 'first', policyDigest: 'one', overruled: 0 };
      const range = { projects: ['mine', 'none'], from: at(0), to: at(10) };
      const counts = await records.readings.counts(range);
      expect(counts).toHaveLength(4);
      expect(new Set(counts)).toEqual(
        new Set([
          { ...row, scene: null, machine: 'block', person: 'block', thresholds: [], count: 3, waitedMs: 2500 },
          { ...row, scene: 'porn', machine: 'review', person: 'block', thresholds: NSFWJS, count: 2, waitedMs: 1500 },
          { ...row, ...other[0], person: 'block', count: 1, waitedMs: 1000 },
          { ...row, scene: 'ad', machine: 'block', person: 'pass', thresholds: [], count: 2, waitedMs: 1500 },
        ]),
      );
      expect(await records.readings.counts({ ...range, projects: [] })).toEqual([]);
      expect(await records.readings.counts({ ...range, from: at(1) })).toEqual([]);
      expect(await records.readings.counts({ ...range, projects: null, to: at(11) })).toHaveLength(6);
    });

    test('a reading is overruled when the latest one of its task says something else, but for the statistics alone', async () => {
      await keep(
        { taskId: '1', reviewer: 'ada', person: 'pass' },
        { taskId: '1', reviewer: 'bob', person: 'block', kind: 'second', readAt: at(1) },
        { taskId: '1', reviewer: 'eve', person: 'block', kind: 'adjudication', readAt: at(2) },
        { taskId: '2', reviewer: 'ada', person: 'pass' },
        { taskId: '2', reviewer: 'bob', person: 'block', kind: 'quality', readAt: at(3) },
        { taskId: '3', reviewer: 'bob', person: 'block', kind: 'quality' },
      );
      const counts = await records.readings.counts({ ...ALL, to: at(2) });
      const wholes = counts.filter(({ scene }) => scene === null);
      expect(wholes.map(({ reviewer, kind, count, overruled }) => [reviewer, kind, count, overruled])).toEqual([
        ['ada', 'first', 2, 1],
        ['bob', 'quality', 1, 0],
        ['bob', 'second', 1, 0],
      ]);
      const [quality] = (await records.readings.counts(ALL)).filter(
        ({ kind, scene }) => kind === 'quality' && scene === null,
      );
      expect(quality).toMatchObject({ count: 2, overruled: 1 });
    });

    test('two people who read the same scene of the same task are a pair, once, when the later one read in the time asked about', async () => {
      await keep(
        { reviewer: 'ada', readAt: at(1) },
        { reviewer: 'ada', readAt: at(2), person: 'block', kind: 'appeal' },
        { reviewer: 'bob', readAt: at(2), person: 'block', kind: 'second' },
        { taskId: 'other', reviewer: 'bob' },
        { reviewer: 'eve', readAt: at(3), scenes: [{ scene: 'ad', machine: 'pass', person: 'pass', thresholds: [] }] },
      );
      const pairs = await records.readings.pairs(ALL);
      expect(pairs).toHaveLength(2);
      expect(pairs).toContainEqual({ scene: 'porn', reviewers: ['ada', 'bob'], persons: ['pass', 'block'] });
      expect(await records.readings.pairs({ ...ALL, from: at(2) })).toHaveLength(2);
      expect(await records.readings.pairs({ ...ALL, to: at(2) })).toEqual([]);
      expect(await records.readings.pairs({ ...ALL, projects: ['theirs'] })).toEqual([]);
    });

    test('days are those of UTC, whatever the spelling of the instant', async () => {
      await keep({ readAt: '2026-01-31T23:59:59.999Z' }, { readAt: '2026-02-01T00:30:00+01:00', person: 'block' });
      await keep({ readAt: '2026-02-01T00:00:00Z', scenes: [] });
      const days = await records.readings.days({
        projects: ['mine'],
        from: '2026-01-01T00:00:00Z',
        to: '2026-03-01T00:00:00Z',
      });
      const row = { kind: 'first', machine: 'review', count: 1 };
      expect(new Set(days)).toEqual(
        new Set([
          { ...row, day: '2026-01-31', scene: null, person: 'pass' },
          { ...row, day: '2026-01-31', scene: 'porn', person: 'pass' },
          { ...row, day: '2026-01-31', scene: null, person: 'block' },
          { ...row, day: '2026-01-31', scene: 'porn', person: 'block' },
          { ...row, day: '2026-02-01', scene: null, person: 'pass' },
        ]),
      );
    });

    test('readings of before an instant go, from every number too', async () => {
      await keep({ taskId: 'old', readAt: at(1), reviewer: 'bob' }, { readAt: at(2) });
      await records.readings.purgeBefore(at(2));
      expect(await records.readings.ofTask('old')).toEqual([]);
      expect((await records.readings.counts(ALL)).map(({ reviewer }) => reviewer)).toEqual(['ada', 'ada']);
    });
  });
}
