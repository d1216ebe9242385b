import { createHash } from 'node:crypto';
import type { TaskStatus } from '../../src/schema/result.js';
import { TASK_TYPES, type TaskType } from '../../src/schema/task.js';
import {
  InvalidTaskQueryError,
  type RecordStore,
  type TaskCursor,
  type TaskQuery,
  type TaskRecord,
  TASK_SORTS,
} from '../../src/store/records.js';
import { createRecordStore } from '../../src/store/sql/record-store.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { taskLists } from '../../src/store/sql/task-lists.js';
import { makeRequest } from './make-records.js';
import { purgeTasks } from './purging.js';

const COUNT = 150;
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** A number from 0 up to `below`, always the same for the same words. */
const chance = (below: number, ...words: (string | number)[]) =>
  createHash('sha256').update(words.join(' ')).digest().readUInt32BE() % below;

/** Ids in which code points and a language's order differ. */
const idOf = (n: number) => `${['Video', 'image', '_'][n % 3]}-${chance(1_000_000, 'id', n)}-${n}`;

/** A record store that looks at few tasks in one go, and so answers pages that are not full: the same has to be found on them. */
export function withShortPages({ db, close }: DatabaseUse): RecordStore {
  return { ...createRecordStore(db, close), ...taskLists(db, { examined: 7, few: 5, budgetMs: 0 }) };
}

/** What every engine of the record store must do when tasks are listed by a query; `open` answers a new empty one. */
export function queryContract(engine: string, open: () => Promise<RecordStore>): void {
  describe(`queries in ${engine}`, () => {
    let records: RecordStore;
    const all: TaskRecord[] = [];

    beforeAll(async () => {
      records = await open();
      for (let n = 0; n < COUNT; n++) {
        const taskId = idOf(n);
        const tags = { app: `${chance(2, 'app', n)}`, user: `${chance(20, 'user', n)}`, 'an odd = name': 'ä\0\ud800' };
        const taskType = TASK_TYPES[chance(3, 'type', n)] ?? 'VideoModeration';
        const projectName = n % 10 === 9 ? 'other' : 'mine';
        await records.createTask(makeRequest(taskId, { projectName, taskType, tags }), at(chance(60, 'start', n)));
        const status = (['Running', 'Failed', 'Succeeded', 'Succeeded'] as const)[chance(4, 'status', n)];
        if (status === 'Running' || status === undefined) continue;
        await records.endTask(taskId, { status, code: '', message: '', endTime: at(40 + chance(60, 'end', n)) });
      }
      for (let n = 0; n < COUNT; n++) all.push((await records.findTask(idOf(n)))!);
    });
    afterAll(async () => {
      await records.close();
    });

    const query = (given: Partial<TaskQuery>): TaskQuery => ({
      project: 'mine',
      sort: 'TaskId',
      order: 'asc',
      limit: 100,
      ...given,
    });
    const idsOf = (tasks: readonly TaskRecord[]) => tasks.map(({ request }) => request.taskId);

    /** All pages of a query, one after the other. */
    const pagesOf = async (asked: TaskQuery) => {
      const tasks: TaskRecord[] = [];
      let after: TaskCursor | null = null;
      do {
        const page = await records.queryTasks({ ...asked, ...(after === null ? {} : { after }) });
        expect(page.tasks.length).toBeLessThanOrEqual(asked.limit);
        tasks.push(...page.tasks);
        after = page.next;
      } while (after !== null);
      return tasks;
    };

    const selectors: [string, Partial<TaskQuery>][] = [
      ['everything', {}],
      ['a status', { status: 'Failed' }],
      ['what runs', { status: 'Running' }],
      ['a type', { taskTypes: ['ImageModeration'] }],
      ['both types', { taskTypes: TASK_TYPES }],
      ['no type named', { taskTypes: [] }],
      ['a range of starts', { startTime: { from: at(10), to: at(30) } }],
      ['starts from an instant on', { startTime: { from: '2026-01-01T01:00:30+01:00' } }],
      ['ends up to an instant', { endTime: { to: at(60) } }],
      ['whatever has ended', { endTime: {} }],
      ['what runs and has ended', { status: 'Running', endTime: {} }],
      ['both ranges', { startTime: { from: at(20), to: at(50) }, endTime: { from: at(45), to: at(80) } }],
      ['a tag', { tags: [['user', '3']] }],
      ['a tag of odd signs', { tags: [['an odd = name', 'ä\0\ud800']] }],
      ['several tags', { tags: [...tag('app', '1'), ...tag('user', '3')] }],
      ['two values of one name', { tags: [...tag('app', '1'), ...tag('app', '0')] }],
      ['a tag that nothing has', { tags: [...tag('app', '1'), ...tag('user', 'nobody')] }],
      [
        'all at once',
        {
          taskTypes: ['VideoModeration'],
          status: 'Succeeded',
          startTime: { from: at(5) },
          endTime: { to: at(90) },
          tags: [...tag('app', '0'), ...tag('an odd = name', 'ä\0\ud800')],
        },
      ],
      ['another project', { project: 'other', tags: [['app', '1']] }],
      ['a project that is not there', { project: 'Mine' }],
    ];
    test.each(selectors)('%s is listed in every order, and the same on pages of any length', async (_, selector) => {
      for (const sort of TASK_SORTS) {
        for (const order of ['asc', 'desc'] as const) {
          const asked = query({ ...selector, sort, order });
          const expected = idsOf(listed(all, asked));
          expect(idsOf(await pagesOf(asked))).toEqual(expected);
          expect(idsOf(await pagesOf({ ...asked, limit: 7 }))).toEqual(expected);
        }
      }
    });

    test('a page tells where the next one begins only when there is more', async () => {
      const running = listed(all, query({ status: 'Running' }));
      const asked = query({ status: 'Running', limit: running.length });
      expect((await records.queryTasks(asked)).next).toBeNull();
      const short = await records.queryTasks({ ...asked, limit: running.length - 1 });
      expect(short.next).toEqual({ taskId: short.tasks.at(-1)!.request.taskId, value: null });
      const ended = listed(all, query({ endTime: {} }));
      const full = await records.queryTasks(query({ sort: 'EndTime', limit: Math.min(100, ended.length) }));
      expect(full.next).toMatchObject({ value: Date.parse(full.tasks.at(-1)!.endTime!) });
    });

    test('tasks come as they are found one by one', async () => {
      const { tasks } = await records.queryTasks(query({}));
      expect(tasks.length).toBeGreaterThan(50);
      for (const task of tasks) expect(task).toStrictEqual(await records.findTask(task.request.taskId));
    });

    test('what runs is counted and named, of a project and of all', async () => {
      const running = all.filter(({ status }) => status === 'Running');
      const mine = idsOf(running.filter(({ request }) => request.projectName === 'mine'));
      expect(await records.countOpen('mine')).toBe(mine.length);
      expect(await records.openTaskIds('mine')).toEqual(mine.sort());
      expect(await records.openTaskIds()).toEqual(idsOf(running).sort());
      expect(await records.countOpen('nobody')).toBe(0);
      expect((await records.countByStatus()).get('Running')).toBe(running.length);
    });

    test('of many ids those are named under which nothing is recorded', async () => {
      const unknown = Array.from({ length: 10_200 }, (_, n) => `VideoModeration-unknown-${n}`);
      const asked = [...unknown.slice(0, 300), ...idsOf(all), ...unknown.slice(300)];
      expect(await records.unrecordedTasks(asked)).toEqual(unknown);
      expect(await records.unrecordedTasks([])).toEqual([]);
    });

    test.each<Partial<TaskQuery>>([
      { limit: 0 },
      { limit: 101 },
      { limit: 1.5 },
      { sort: 'StartTime', after: { taskId: 'a', value: null } },
      { sort: 'TaskId', after: { taskId: 'a', value: 7 } },
      { sort: 'EndTime', after: { taskId: 'a', value: 0.5 } },
    ])('a query is refused that asks for %j', async (given) => {
      await expect(records.queryTasks(query(given))).rejects.toThrow(InvalidTaskQueryError);
    });

    test('tags go with their task', async () => {
      const taskId = 'gone';
      await records.createTask(makeRequest(taskId, { projectName: 'mine', tags: { only: 'here' } }), at(0));
      const asked = query({ tags: [['only', 'here']] });
      expect(idsOf((await records.queryTasks(asked)).tasks)).toEqual([taskId]);
      const long = '2020-01-01T00:00:00.000Z';
      await records.endTask(taskId, { status: 'Failed', code: '', message: '', endTime: long });
      await purgeTasks(records, '2020-01-02T00:00:00.000Z');
      expect(await records.queryTasks(asked)).toEqual({ tasks: [], next: null });
    });
  });
}

const tag = (name: string, value: string): [[string, string]] => [[name, value]];

/** What a query has to find, told by the tasks themselves. */
function listed(all: readonly TaskRecord[], query: TaskQuery): TaskRecord[] {
  const { project, taskTypes = [], status, startTime, endTime, tags = [], sort, order } = query;
  const isIn = (time: string | null, { from, to }: { from?: string; to?: string }) =>
    time !== null &&
    (from === undefined || Date.parse(time) >= Date.parse(from)) &&
    (to === undefined || Date.parse(time) < Date.parse(to));
  const valueOf = ({ startTime: start, endTime: end }: TaskRecord): number =>
    sort === 'TaskId' ? 0 : Date.parse(sort === 'StartTime' ? start : (end ?? at(0)));
  const sign = order === 'asc' ? 1 : -1;
  const isLast = (task: TaskRecord): number => (sort === 'EndTime' && task.endTime === null ? 1 : 0);
  const isAsked = (type: TaskType, state: TaskStatus) =>
    (taskTypes.length === 0 || taskTypes.includes(type)) && (status === undefined || state === status);
  return all
    .filter(({ request }) => request.projectName === project)
    .filter((task) => isAsked(task.request.taskType, task.status))
    .filter((task) => startTime === undefined || isIn(task.startTime, startTime))
    .filter((task) => endTime === undefined || isIn(task.endTime, endTime))
    .filter(({ request }) => tags.every(([name, value]) => request.tags[name] === value))
    .sort((one, two) => {
      const byTime = isLast(one) - isLast(two) || sign * (valueOf(one) - valueOf(two));
      return byTime || (one.request.taskId < two.request.taskId ? -sign : sign);
    });
}
