import { createLogUpdate } from 'log-update';
import type { Phase } from '../../schema/task.js';
import { renderBars, type VideoProgress } from './progress-bars.js';
import { addPoint, estimate, type ProgressPoint } from './progress-estimate.js';
import { isLineDue, progressLine, type SaidProgress } from './progress-lines.js';
import { createStyle } from './style.js';

/** Where progress is shown. */
export interface ProgressTarget {
  stream: NodeJS.WritableStream & { columns?: number; rows?: number };
  /** Whether the stream is a terminal, on which lines can be redrawn. */
  isTTY: boolean;
  colour: boolean;
}

/** How far one video is. */
export interface ProgressUpdate {
  name: string;
  phase: Phase;
  /** Samples done. */
  done: number;
  /** Samples planned; 0 while that is not known. */
  total: number;
}

/** Shows how far videos are: bars on a terminal, lines elsewhere. */
export interface ProgressView {
  update(id: string, progress: ProgressUpdate): void;
  /** A line that stays, above the bars. */
  log(line: string): void;
  /** Takes the bars away while something else writes to the same terminal, such as a result on stdout. */
  aside(write: () => void): void;
  /** Ends a video; its line, if any, stays. */
  done(id: string, line?: string): void;
  /** Takes the bars away and lets go of the terminal; to be called at every end, else the cursor stays hidden. */
  stop(): void;
}

/** Bars on the screen at once; more are counted. */
const MOST_BARS = 8;
/** Milliseconds between two drawings: 10 a second look smooth and cost nothing. */
const REDRAW_MS = 100;

interface Tracked {
  progress: ProgressUpdate;
  points: ProgressPoint[];
  said?: SaidProgress;
}

/** Shows progress on a stream. */
export function createProgressView(target: ProgressTarget): ProgressView {
  const tracked = new Map<string, Tracked>();
  const track = (id: string, progress: ProgressUpdate): Tracked => {
    const before = tracked.get(id);
    const samePhase = before?.progress.phase === progress.phase;
    const points = addPoint(samePhase ? before.points : [], { atMs: performance.now(), done: progress.done });
    const entry = { ...before, progress, points };
    tracked.set(id, entry);
    return entry;
  };
  return target.isTTY ? barView(target, tracked, track) : lineView(target, tracked, track);
}

type Track = (id: string, progress: ProgressUpdate) => Tracked;

function withEstimate({ progress, points }: Tracked): VideoProgress {
  return { ...progress, ...estimate(points, progress.total, performance.now()) };
}

function lineView({ stream }: ProgressTarget, tracked: Map<string, Tracked>, track: Track): ProgressView {
  const say = (line: string) => stream.write(`${line}\n`);
  return {
    update(id, progress) {
      const entry = track(id, progress);
      const now = { phase: progress.phase, done: progress.done, atMs: performance.now() };
      if (!isLineDue(entry.said, now, progress.total)) return;
      entry.said = now;
      say(progressLine(withEstimate(entry)));
    },
    log: say,
    aside: (write) => {
      write();
    },
    done(id, line) {
      tracked.delete(id);
      if (line !== undefined) say(line);
    },
    stop: () => undefined,
  };
}

function barView({ stream, colour }: ProgressTarget, tracked: Map<string, Tracked>, track: Track): ProgressView {
  const redraw = createLogUpdate(stream);
  const style = createStyle(colour);
  let timer: NodeJS.Timeout | undefined;

  const draw = () => {
    const most = Math.max(1, Math.min(MOST_BARS, (stream.rows ?? 24) - 2));
    // One cell is left free: many terminals break the line after the last one.
    const width = (stream.columns ?? 80) - 1;
    const lines = renderBars([...tracked.values()].map(withEstimate), { width, most, style });
    if (lines.length === 0) redraw.clear();
    else redraw(lines.join('\n'));
  };
  const start = () => {
    // Between updates the time left still runs, and a standstill shows.
    timer ??= setInterval(draw, REDRAW_MS).unref();
  };
  const persist = (line: string) => {
    redraw.persist(line);
    if (tracked.size > 0) draw();
  };
  return {
    update(id, progress) {
      track(id, progress);
      if (timer === undefined) draw();
      start();
    },
    log: persist,
    aside(write) {
      redraw.clear();
      write();
      if (tracked.size > 0) draw();
    },
    done(id, line) {
      tracked.delete(id);
      if (line === undefined) draw();
      else persist(line);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      redraw.clear();
      redraw.done();
    },
  };
}
