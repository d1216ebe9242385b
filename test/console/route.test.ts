import { formatRoute, parseRoute } from '../../console/src/route.js';
import { filtersOf, listFilterOf, takeFilterOf } from '../../console/src/queue/filter.js';
import { sourceName } from '../../console/src/source-name.js';
import { QueueFilter, TakeNext } from '../../src/schema/console/queue.js';

test.each([
  ['', 'queue', ''],
  ['#/nonsense/1', 'queue', ''],
  ['#/tasks', 'tasks', ''],
  ['#/tasks/VideoModeration-1%2F2', 'task', 'VideoModeration-1/2'],
  ['#/tasks/%', 'tasks', ''],
  ['#/join/secret', 'link', 'secret'],
  ['#/join', 'queue', ''],
  ['#/sign-in/SignInRefused', 'sign-in', 'SignInRefused'],
])('the fragment %j leads to the page %s', (fragment, page, id) => {
  expect(parseRoute(fragment)).toEqual({ page, id, query: {} });
});

test('a page with filters is found again by its address', () => {
  const fragment = formatRoute('queue', '', { tag: 'a=b&c', project: '', order: 'age' });
  expect(parseRoute(fragment)).toEqual({ page: 'queue', id: '', query: { tag: 'a=b&c', order: 'age' } });
  expect(parseRoute(formatRoute('task', 'a/b?c')).id).toBe('a/b?c');
});

test('what stands in the address is what the service is asked, and it understands it', () => {
  const query = {
    scenes: 'ad,porn,nonsense',
    project: 'a',
    minMinutes: '60',
    minSeverity: '900',
    tag: 'x=y',
    level: 'lead',
    order: 'age',
  };
  const expected = { project: 'a', minMinutes: 60, minSeverity: 100, tag: 'x=y', level: 'lead', order: 'age' };
  expect(TakeNext.parse(takeFilterOf(query))).toEqual({ ...expected, scenes: ['porn', 'ad'] });
  expect(QueueFilter.parse(listFilterOf(query))).toEqual({ ...expected, scenes: ['porn', 'ad'], limit: 50 });
});

test('what is empty or not understood does not filter', () => {
  const query = {
    scenes: '',
    project: '',
    minMinutes: 'x',
    minSeverity: '-1',
    tag: 'without',
    level: 'boss',
    order: 'size',
  };
  expect(takeFilterOf(query)).toEqual({ order: 'deadline' });
  expect(filtersOf(query)).toEqual([]);
  expect(filtersOf({ order: 'age', tag: 'a=b' })).toEqual(['tag']);
});

test.each([
  ['oss://bucket/2025/a%20b.mp4', 'a b.mp4'],
  ['https://example.org/watch/clip.mp4?token=1', 'clip.mp4'],
  ['file:///videos/100%.mp4', '100%.mp4'],
  ['urn', 'urn'],
])('%s is shown as %s', (uri, name) => {
  expect(sourceName(uri)).toBe(name);
});
