import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createProgressView, type ProgressUpdate, type ProgressView } from '../../../src/cli/render/progress-view.js';
import { Screen } from '../../support/screen.js';

const classifying = (name: string, done: number, total = 14): ProgressUpdate => ({
  name,
  phase: 'classifying',
  done,
  total,
});

describe('on a terminal', () => {
  let screen: Screen;
  let view: ProgressView;
  beforeEach(() => {
    screen = new Screen(80, 24);
    view = createProgressView({ stream: screen, isTTY: true, colour: false });
  });
  afterEach(() => {
    view.stop();
  });
  /** Until the next drawing has been: timers fire in the order in which they are due, and that one is due within 100 ms, however slow the machine. */
  const drawn = () => sleep(250);

  test('a video on its way has one line, which is redrawn', async () => {
    view.update('a', { name: 'a.mp4', phase: 'probing', done: 0, total: 0 });
    expect(screen.text).toEqual(['a.mp4  probing']);
    view.update('a', classifying('a.mp4', 7));
    await drawn();
    expect(screen.text).toHaveLength(1);
    expect(screen.text[0]).toMatch(/^a\.mp4 {2}classifying {2}━+╸?─+ {2}7\/14$/);
  });

  test('the line of a finished video stays above the bars of the others', async () => {
    view.update('a', classifying('a.mp4', 13));
    view.update('b', classifying('b.mp4', 1));
    await drawn();
    view.done('a', 'pass  a.mp4');
    expect(screen.text[0]).toBe('pass  a.mp4');
    expect(screen.text[1]).toContain('b.mp4  classifying');
    expect(screen.text).toHaveLength(2);
    view.log('a note');
    await drawn();
    expect(screen.text.slice(0, 2)).toEqual(['pass  a.mp4', 'a note']);
    expect(screen.text).toHaveLength(3);
  });

  test('what others write to the terminal is not drawn over', async () => {
    view.update('a', classifying('a.mp4', 13));
    await drawn();
    view.aside(() => screen.write('{"a":1}\n{"b":2}\n'));
    await drawn();
    expect(screen.text.slice(0, 2)).toEqual(['{"a":1}', '{"b":2}']);
    expect(screen.text[2]).toContain('a.mp4');
    expect(screen.text).toHaveLength(3);
  });

  test('no more than eight bars are shown, and the rest is counted', async () => {
    for (let n = 0; n < 12; n++) view.update(`${n}`, classifying(`${n}.mp4`, 1));
    await drawn();
    expect(screen.text).toHaveLength(9);
    expect(screen.text[8]).toBe('and 4 more');
  });

  test('the cursor is hidden while bars move and back at the end, when no bar is left', async () => {
    view.update('a', classifying('a.mp4', 1));
    await drawn();
    view.log('a note');
    await drawn();
    view.stop();
    expect(screen.text).toEqual(['a note']);
    expect(screen.cursorVisible).toBe(true);
  });
});

describe('in a pipe', () => {
  const withView = (use: (view: ProgressView) => void): string[] => {
    const stream = new PassThrough();
    const view = createProgressView({ stream, isTTY: false, colour: false });
    use(view);
    view.stop();
    return String(stream.read() ?? '')
      .split('\n')
      .slice(0, -1);
  };

  test('a line tells of every change of phase, and none of what is in between', () => {
    const lines = withView((view) => {
      view.update('a', { name: 'a.mp4', phase: 'probing', done: 0, total: 0 });
      view.update('a', { name: 'a.mp4', phase: 'probing', done: 0, total: 0 });
      for (let done = 0; done <= 14; done++) view.update('a', classifying('a.mp4', done));
      view.update('a', { name: 'a.mp4', phase: 'deciding', done: 14, total: 14 });
      view.done('a', 'pass  a.mp4');
    });
    expect(lines).toEqual([
      'a.mp4: probing',
      'a.mp4: classifying 0/14 samples',
      'a.mp4: deciding 14/14 samples',
      'pass  a.mp4',
    ]);
  });

  test('videos at the same time have lines of their own', () => {
    const lines = withView((view) => {
      view.update('a', { name: 'a.mp4', phase: 'probing', done: 0, total: 0 });
      view.update('b', { name: 'b.mp4', phase: 'probing', done: 0, total: 0 });
      view.update('a', classifying('a.mp4', 3));
    });
    expect(lines).toEqual(['a.mp4: probing', 'b.mp4: probing', 'a.mp4: classifying 3/14 samples']);
  });

  test('nothing but text is written', () => {
    const lines = withView((view) => {
      view.update('a', { name: 'a\u001B[2J.mp4', phase: 'probing', done: 0, total: 0 });
    });
    expect(lines).toEqual(['a.mp4: probing']);
  });
});
