import fc from 'fast-check';
import { bar, renderBars, type VideoProgress } from '../../../src/cli/render/progress-bars.js';
import { addPoint, estimate, type ProgressPoint } from '../../../src/cli/render/progress-estimate.js';
import { isLineDue, progressLine } from '../../../src/cli/render/progress-lines.js';
import { createStyle } from '../../../src/cli/render/style.js';
import { widthOf } from '../../../src/cli/render/terminal-text.js';

const style = createStyle(false);
const through = (...points: [atMs: number, done: number][]) =>
  points.reduce<ProgressPoint[]>((known, [atMs, done]) => addPoint(known, { atMs, done }), []);

describe('speed and time left', () => {
  test('are not known before anything was done', () => {
    expect(estimate([], 10, 0)).toEqual({ perSecond: null, leftS: null });
    expect(estimate(through([0, 5]), 10, 3000)).toEqual({ perSecond: null, leftS: null });
    expect(estimate(through([0, 0], [100, 5]), 10, 100)).toEqual({ perSecond: null, leftS: null });
  });

  test('follow from what was done in which time', () => {
    expect(estimate(through([0, 0], [2000, 20]), 100, 2000)).toEqual({ perSecond: 10, leftS: 8 });
  });

  test('do not count what was done before this command began to look', () => {
    expect(estimate(through([0, 500], [2000, 520]), 600, 2000)).toEqual({ perSecond: 10, leftS: 8 });
  });

  test('change while nothing comes', () => {
    const points = through([0, 0], [2000, 20]);
    expect(estimate(points, 100, 8000)).toEqual({ perSecond: 2.5, leftS: 32 });
  });

  test('forget what lies longer back than the window', () => {
    const slowThenFast = through([0, 0], [60_000, 1], [65_000, 101], [70_000, 201], [80_000, 401]);
    expect(estimate(slowThenFast, 501, 80_000).perSecond).toBeCloseTo(20);
  });

  test('begin anew when the count falls', () => {
    expect(through([0, 0], [1000, 50], [2000, 20])).toEqual([{ atMs: 2000, done: 20 }]);
  });

  test('are never negative, and the list of points stays short', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: -5, max: 50 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (given) => {
        let [atMs, done] = [0, 0];
        let points: ProgressPoint[] = [];
        for (const [wait, more] of given) {
          atMs += wait;
          done = Math.max(0, done + more);
          points = addPoint(points, { atMs, done });
        }
        const { perSecond, leftS } = estimate(points, 1000, atMs);
        expect(perSecond ?? 1).toBeGreaterThan(0);
        expect(leftS ?? 0).toBeGreaterThanOrEqual(0);
        const within = points.filter((point) => atMs - point.atMs < 20_000 + 5000);
        expect(points.length - within.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('a bar', () => {
  test('is empty at the beginning and full only at the end', () => {
    expect(bar(0, 14, 8, style)).toBe('────────');
    expect(bar(13, 14, 8, style)).not.toBe('━━━━━━━━');
    expect(bar(14, 14, 8, style)).toBe('━━━━━━━━');
    expect(bar(0, 0, 8, style)).toBe('────────');
  });

  test('has the same width however much is done', () => {
    for (let done = 0; done <= 40; done++) expect(widthOf(bar(done, 40, 13, style))).toBe(13);
  });
});

describe('lines of videos on their way', () => {
  const video = (given: Partial<VideoProgress> = {}): VideoProgress => ({
    name: 'cockatoo.mp4',
    phase: 'classifying',
    done: 7,
    total: 14,
    perSecond: 12.3,
    leftS: 0.57,
    ...given,
  });

  test('tell phase, samples done of all, samples a second and the time left', () => {
    const [line] = renderBars([video()], { width: 79, most: 8, style });
    expect(line).toMatch(/^cockatoo\.mp4 {2}classifying {2}━+╸?─+ {2}7\/14 {2}12\/s {2}0:01 left$/);
    expect(widthOf(line ?? '')).toBe(79);
  });

  test('keep their columns under each other', () => {
    const lines = renderBars(
      [video(), video({ name: 'a.mp4', done: 1200, total: 3600, perSecond: 0.5, leftS: 4800 })],
      { width: 79, most: 8, style },
    );
    const starts = lines.map((line) => line.search('classifying'));
    expect(new Set(starts).size).toBe(1);
    expect(lines.map(widthOf)).toEqual([79, 79]);
  });

  test.each([120, 80, 60, 40, 30])('fit into %i cells', (width) => {
    const videos = [
      video({ name: 'a very long name of a video that somebody uploaded yesterday.mp4', phase: 'waiting for review' }),
      video({ name: '監視カメラの長い名前の映像ファイル.mp4', done: 3599, total: 3600, leftS: 86_000 }),
      video({ phase: 'probing', done: 0, total: 0, perSecond: null, leftS: null }),
    ];
    for (const line of renderBars(videos, { width, most: 8, style })) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test('tell no speed of what is not being classified', () => {
    const [line] = renderBars([video({ phase: 'keeping evidence', done: 14 })], { width: 79, most: 8, style });
    expect(line).toContain('14/14');
    expect(line).not.toContain('/s');
    expect(line).not.toContain('left');
  });
});

describe('where nothing can be redrawn', () => {
  const said = { phase: 'classifying', done: 10, atMs: 0 } as const;
  const at = (done: number, atMs: number) => ({ phase: 'classifying', done, atMs }) as const;

  test('a line is due for something new, and for a new phase', () => {
    expect(isLineDue(undefined, at(0, 0), 100)).toBe(true);
    expect(isLineDue(said, { phase: 'deciding', done: 10, atMs: 1 }, 100)).toBe(true);
  });

  test('a line is due for a tenth of the samples, but not before 5 s', () => {
    expect(isLineDue(said, at(19, 10_000), 100)).toBe(false);
    expect(isLineDue(said, at(20, 4_999), 100)).toBe(false);
    expect(isLineDue(said, at(20, 5_000), 100)).toBe(true);
  });

  test('a line is due after a minute of silence', () => {
    expect(isLineDue(said, at(11, 59_999), 100)).toBe(false);
    expect(isLineDue(said, at(10, 60_000), 100)).toBe(true);
  });

  test('the line says what the bar would', () => {
    const video = { name: 'a.mp4', phase: 'classifying', done: 7, total: 14, perSecond: 12.34, leftS: 75 } as const;
    expect(progressLine(video)).toBe('a.mp4: classifying 7/14 samples, 12/s, 1 min 15 s left');
    expect(progressLine({ ...video, perSecond: null, leftS: null })).toBe('a.mp4: classifying 7/14 samples');
  });
});
