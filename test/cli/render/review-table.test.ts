import { renderReviews } from '../../../src/cli/render/review-table.js';
import type { QueueEntry } from '../../../src/store/review-queue.js';
import { TASK_ID } from './make-task.js';

const PLAIN = { colour: false, width: 80 };
const NOW = Date.parse('2026-11-21T17:45:00.000Z');

const entry: QueueEntry = {
  taskId: TASK_ID,
  kind: 'review',
  project: 'local',
  taskType: 'VideoModeration',
  uri: 'file:///videos/a%20b.mp4',
  scenes: ['porn'],
  severity: 99.9,
  tags: {},
  step: 'waiting',
  level: 'reviewer',
  claim: null,
  readers: [],
  openedAt: '2026-11-21T15:40:03.000Z',
  dueAt: '2026-11-28T15:40:03.000Z',
};
const lineOf = (given: Partial<QueueEntry>) => renderReviews([{ ...entry, ...given }], NOW, PLAIN).split('\n')[1];

test('the list of reviews tells since when they wait, when that ends, for what, and the peak', () => {
  expect(lineOf({})).toMatch(/^3f2a9c1b +review +2 h +6 d +porn +0\.99 +a b\.mp4$/);
  expect(lineOf({ dueAt: '2026-11-21T17:44:00.000Z' })).toMatch(/ 2 h +now +porn /);
  expect(lineOf({ dueAt: null, kind: 'appeal' })).toMatch(/ appeal +2 h +porn /);
});

test('it names who holds them, or who alone may take them', () => {
  const claim = { claimId: 'c', reviewer: 'ada', until: '2026-11-21T17:50:00.000Z' };
  expect(lineOf({ claim, level: 'lead' })).toContain(' ada ');
  expect(lineOf({ level: 'lead' })).toContain('leads only');
});

test('it names coverage where nothing was found', () => {
  expect(lineOf({ scenes: [], severity: 0 })).toMatch(/ 6 d +coverage +a b\.mp4$/);
  expect(lineOf({ kind: 'appeal', scenes: [], severity: 0 })).toMatch(/ 6 d +a b\.mp4$/);
});

test('it says so when nothing waits', () => {
  expect(renderReviews([], NOW, PLAIN)).toBe('Nothing waits for a review.');
});
