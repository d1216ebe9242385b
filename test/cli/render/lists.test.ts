import { renderExplanation, renderSight } from '../../../src/cli/render/explain.js';
import { createStyle } from '../../../src/cli/render/style.js';
import { renderTable } from '../../../src/cli/render/table.js';
import { renderTasks } from '../../../src/cli/render/task-table.js';
import { fit, printable, widthOf, wrap } from '../../../src/cli/render/terminal-text.js';
import { renderTotals, renderVerdictLine } from '../../../src/cli/render/verdict-lines.js';
import { duration, score, speed } from '../../../src/cli/render/quantities.js';
import { makeRequest, makeVerdict } from '../../store/make-records.js';
import { blockFrame, observation, reported, revisionOf, taskRecord } from './make-task.js';

const PLAIN = { colour: false, width: 80 };
const NOW = Date.parse('2026-11-21T17:45:00.000Z');

describe('the explanation', () => {
  const { policy } = makeRequest('t');
  const { detectors } = makeVerdict('review');
  const explain = (observations: Parameters<typeof renderExplanation>[0]['observations']) =>
    renderExplanation(
      { observations, detectors, taskType: 'VideoModeration', policy, timeS: (sample) => sample * 2 },
      PLAIN,
    )
      .split('\n')
      .slice(1);

  test('has a line for each sample and detector with all classes, the highest first, in the order of samples', () => {
    const lines = explain([
      observation(10, 'neutral', 0.6),
      observation(2, 'neutral', 0.1),
      observation(2, 'porn', 0.7),
      observation(2, 'drawing', 0.2),
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^0:04 +2 +nsfwjs +review +porn 0\.70, drawing 0\.20, neutral 0\.10$/);
    expect(lines[1]).toMatch(/^0:20 +10 +nsfwjs +neutral 0\.60$/);
  });

  test.each([
    [0.29, ''],
    [0.3, 'corroborate'],
    [0.6, 'review'],
    [0.849, 'review'],
    [0.85, 'block'],
  ])('a score of %d has reached %j', (value, reached) => {
    const [line] = explain([observation(0, 'porn', value)]);
    expect(line?.split(/ +/)[3] ?? '').toBe(reached === '' ? 'porn' : reached);
  });

  test('classes that never decide reach nothing', () => {
    expect(explain([observation(0, 'sexy', 0.99)])[0]).not.toMatch(/review|block/);
  });

  test('keeps to the width, and a class on the line of its score', () => {
    const classes = ['porn', 'hentai', 'neutral', 'drawing', 'sexy', 'something else'];
    const lines = explain(classes.map((kind, index) => observation(0, kind, 0.9 - index / 10)));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    for (const line of lines) expect(line).toMatch(/\d,?$/);
  });

  test('tells the text that was read and the entry that was matched', () => {
    const [line] = explain([
      { ...observation(0, 'term', 0.9), text: 'buy\nnow', match: { bank: 'spam', entry: '17', distance: 3 } },
    ]);
    expect(line).toContain('term 0.90 “buy�now” spam/17 at distance 3');
  });

  test('tells where something was and from when to when', () => {
    const box = { x: 0.8, y: 0.05, width: 0.125, height: 0.1 };
    const [line] = explain([{ ...observation(0, 'url', 0.9), box, span: { startS: 3, endS: 65 } }]);
    expect(line).toContain('url 0.90 in 13×10 % at 80,5 % from 0:03 to 1:05');
  });

  test('tells text that was read, and keeps from people what only machines read', () => {
    const [line] = explain([
      { ...observation(0, 'reading', 0.9), text: 'NEWS' },
      { ...observation(0, 'edges', 0.5), text: 'AaQAAA==' },
    ]);
    expect(line).toContain('reading 0.90 “NEWS”, edges 0.50');
    expect(line).not.toContain('AaQAAA==');
  });

  test('is followed by what each detector can and cannot see, as far as they say so', () => {
    const [first] = detectors;
    const sees = `Nudity ${'and more '.repeat(12)}and nothing else.`;
    const lines = renderSight(
      [
        { ...first!, sees },
        { ...first!, name: 'silent', sees: '' },
      ],
      PLAIN,
    ).split('\n');
    expect(lines[0]).toMatch(/^nsfwjs \(porn\) {2}Nudity and more/);
    expect(lines.at(-1)).toMatch(/^ {15}.*else\.$/);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(lines.join()).not.toContain('silent');
  });
});

describe('lists of tasks', () => {
  test('name every task by an id that can be typed, its state, age and video', () => {
    const review = { task: taskRecord(), revision: revisionOf('review') };
    const failed = {
      task: taskRecord({ status: 'Failed', code: 'NoVideoStream' }, 'VideoModeration-77'),
      revision: null,
    };
    const running = { task: taskRecord({ status: 'Running', endTime: null }, 'VideoModeration-88'), revision: null };
    const [head, ...lines] = renderTasks([review, failed, running], NOW, PLAIN).split('\n');
    expect(head).toMatch(/^Task +State +Started +Note +Video$/);
    expect(lines[0]).toMatch(/^3f2a9c1b +review +2 h +porn +a b\.mp4$/);
    expect(lines[1]).toMatch(/^77 +failed +2 h +NoVideoStream +a b\.mp4$/);
    expect(lines[2]).toMatch(/^88 +running +2 h +a b\.mp4$/);
  });

  test('say who decided', () => {
    const revision = revisionOf('block', {}, { origin: 'person', reviewer: 'ada' });
    expect(renderTasks([{ task: taskRecord(), revision }], NOW, PLAIN)).toContain('porn by ada');
  });

  test('say what there is to do when they are empty', () => {
    expect(renderTasks([], NOW, PLAIN)).toContain('framewarden moderate');
  });
});

describe('one line about a video', () => {
  test('says what came of it, when, and how long it took', () => {
    const blockFrames = [blockFrame(1, 66), blockFrame(9, 99.9)];
    const [body] = reported(revisionOf('block', { blockFrames }));
    expect(renderVerdictLine(body, { name: 'a.mp4', elapsedS: 2.94 }, PLAIN)).toBe(
      '✖ block   a.mp4  porn at 0:01–0:09, 14 samples, in 2.9 s',
    );
  });

  test('says why it failed', () => {
    const [body] = reported(null, {}, { status: 'Failed', code: 'Cancelled' });
    expect(renderVerdictLine(body, { name: 'a.mp4', elapsedS: null }, PLAIN)).toBe('! failed  a.mp4  Cancelled');
  });

  test('the totals go from the worst down', () => {
    expect(renderTotals(['pass', 'failed', 'pass', 'review'], PLAIN)).toBe('4 videos: 1 failed, 1 review, 2 pass');
    expect(renderTotals(['block'], PLAIN)).toBe('1 video: 1 block');
  });
});

describe('a table', () => {
  const table = (rows: string[][], width: number) =>
    renderTable([{ title: 'Id' }, { title: 'N', align: 'right' }, { title: 'Name', shrinksTo: 5 }], rows, {
      width,
      style: createStyle(false),
    }).split('\n');

  test('is as wide as what it holds, without spaces at the ends', () => {
    expect(
      table(
        [
          ['a', '1', 'x'],
          ['bbb', '200', 'y'],
        ],
        80,
      ),
    ).toEqual(['Id     N  Name', 'a      1  x', 'bbb  200  y']);
  });

  test('shortens what may be shortened, and never what may not', () => {
    const [, row] = table([['an id that is long', '1', 'a name that is long']], 30);
    expect(row).toBe('an id that is long  1  a n…ong');
    const [, narrow] = table([['an id that is long', '1', 'a name that is long']], 10);
    expect(narrow).toMatch(/^an id that is long {2}1 {2}.{5}$/);
  });

  test('goes on in further lines where a column wraps', () => {
    const columns = [{ title: 'Id' }, { title: 'Said', shrinksTo: 7, wraps: true }];
    const rows = [
      ['a', 'one two three'],
      ['b', 'four'],
    ];
    const lines = renderTable(columns, rows, { width: 10, style: createStyle(false) }).split('\n');
    expect(lines).toEqual(['Id  Said', 'a   one two', '    three', 'b   four']);
  });

  test('lines up what is two cells wide', () => {
    const [, wide, narrow] = table(
      [
        ['監視', '1', 'x'],
        ['ab', '2', 'y'],
      ],
      80,
    );
    expect(widthOf(wide?.split('1')[0] ?? '')).toBe(widthOf(narrow?.split('2')[0] ?? ''));
  });
});

describe('text', () => {
  test('keeps both ends of a name that is too long', () => {
    expect(fit('holiday-in-norway-2026.mp4', 15)).toBe('holiday…026.mp4');
    expect(fit('short.mp4', 15)).toBe('short.mp4');
    expect(widthOf(fit('監視カメラの映像.mp4', 10))).toBeLessThanOrEqual(10);
  });

  test('is broken at spaces, and long words stay whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a VideoModeration-3f2a b', 6)).toEqual(['a', 'VideoModeration-3f2a', 'b']);
  });

  test('loses what could act on a terminal, and keeps letters of every script', () => {
    expect(printable('a\u001B[31mb\u001B[0m\nc\u202Ed')).toBe('ab�c�d');
    expect(printable('Ærø – 映像 – 👩‍👩‍👧')).toBe('Ærø – 映像 – 👩‍👩‍👧');
  });

  test('a score is never rounded up to a threshold that it does not reach', () => {
    expect([0.849999, 0.85, 0.29, 1, 0].map(score)).toEqual(['0.84', '0.85', '0.29', '1.00', '0.00']);
  });

  test('stretches of time and speeds are short', () => {
    expect([0.04, 2.94, 59.6, 61, 3600, 7500, 90_000].map(duration)).toEqual([
      '0 s',
      '2.9 s',
      '1 min',
      '1 min 1 s',
      '1 h',
      '2 h 5 min',
      '1 d 1 h',
    ]);
    expect([0.04, 0.5, 9.96, 123.4].map(speed)).toEqual(['0.04', '0.5', '10', '123']);
  });
});
