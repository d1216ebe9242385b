import { duration, speed } from './quantities.js';
import { printable } from './terminal-text.js';
import type { VideoProgress } from './progress-bars.js';

/** What was last said of a video. */
export interface SaidProgress {
  phase: VideoProgress['phase'];
  done: number;
  /** Milliseconds on any clock that only goes forward. */
  atMs: number;
}

/** Share of the samples after which there is something to say. */
const STEP = 0.1;
/** Milliseconds between two lines about one video: a short one needs no ten lines. */
const LEAST_MS = 5_000;
/** Milliseconds after which a line is due whatever happened: a log that says nothing looks like one that hangs. */
const MOST_MS = 60_000;

/** Whether a line is due where nothing can be redrawn: at every change of phase, and every tenth of the samples but not more than one in 5 s. */
export function isLineDue(said: SaidProgress | undefined, now: SaidProgress, total: number): boolean {
  if (said?.phase !== now.phase) return true;
  const silentMs = now.atMs - said.atMs;
  if (now.done === said.done || now.phase !== 'classifying') return silentMs >= MOST_MS;
  return silentMs >= MOST_MS || (silentMs >= LEAST_MS && now.done - said.done >= STEP * total);
}

/** The line about a video: `cockatoo.mp4: classifying 7/14 samples, 12/s, 0.6 s left`. */
export function progressLine({ name, phase, done, total, perSecond, leftS }: VideoProgress): string {
  const parts = [
    ...(total === 0 ? [] : [`${done}/${total} samples`]),
    ...(phase === 'classifying' && perSecond !== null ? [`${speed(perSecond)}/s`] : []),
    ...(phase === 'classifying' && leftS !== null ? [`${duration(leftS)} left`] : []),
  ];
  return `${printable(name)}: ${[phase, parts.join(', ')].filter(Boolean).join(' ')}`;
}
