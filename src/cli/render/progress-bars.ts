import { clock } from '../../domain/reasons.js';
import type { Phase } from '../../schema/task.js';
import type { Estimate } from './progress-estimate.js';
import { speed } from './quantities.js';
import type { Style } from './style.js';
import { fit, pad, printable, widthOf } from './terminal-text.js';

/** One video on its way. */
export interface VideoProgress extends Estimate {
  name: string;
  phase: Phase;
  /** Samples done. */
  done: number;
  /** Samples planned; 0 while that is not known. */
  total: number;
}

const GAP = '  ';
/** Cells below which a bar says nothing. */
const LEAST_BAR = 6;
/** Share of a line that names may take. */
const NAME_SHARE = 0.3;

/** A bar of this many cells, in steps of half a cell. */
export function bar(done: number, total: number, cells: number, style: Style): string {
  const halves = total === 0 ? 0 : Math.floor((Math.min(done, total) / total) * cells * 2);
  const full = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╸' : '');
  return style.cyan(full) + style.dim('─'.repeat(cells - Math.ceil(halves / 2)));
}

/**
 * A line for each video, in columns: name, phase, bar, samples done of all, samples a second, time left. At most `most` of them, the rest counted in
 * a last line. What a narrow terminal has no room for is left out, from the end and then the bar.
 */
export function renderBars(
  videos: readonly VideoProgress[],
  { width, most, style }: { width: number; most: number; style: Style },
): string[] {
  const shown = videos.slice(0, most);
  const table = shown.map((video) => ({
    name: fit(printable(video.name), Math.max(8, Math.floor(width * NAME_SHARE))),
    phase: video.phase,
    tail: tailOf(video),
  }));
  const widest = (cells: string[]) => Math.max(0, ...cells.map(widthOf));
  const nameWidth = widest(table.map(({ name }) => name));
  const phaseWidth = widest(table.map(({ phase }) => phase));
  const tailWidths = [0, 1, 2].map((column) => widest(table.map(({ tail }) => tail[column] ?? '')));

  const lines = shown.map((video, index) => {
    const { name = '', phase = '', tail = [] } = table[index] ?? {};
    const head = `${style.bold(pad(name, nameWidth))}${GAP}${pad(phase, phaseWidth)}`;
    let room = width - nameWidth - GAP.length - phaseWidth;
    const kept: string[] = [];
    tail.forEach((cell, column) => {
      const needed = (tailWidths[column] ?? 0) + GAP.length;
      if ((tailWidths[column] ?? 0) === 0 || needed > room) return;
      room -= needed;
      kept.push(GAP + pad(cell, tailWidths[column] ?? 0, 'right'));
    });
    const cells = room - GAP.length;
    const drawn = cells < LEAST_BAR || video.total === 0 ? '' : GAP + bar(video.done, video.total, cells, style);
    return `${head}${drawn}${kept.join('')}`.trimEnd();
  });
  const hidden = videos.length - shown.length;
  return hidden === 0 ? lines : [...lines, style.dim(`and ${hidden} more`)];
}

function tailOf({ phase, done, total, perSecond, leftS }: VideoProgress): [string, string, string] {
  if (total === 0) return ['', '', ''];
  const underWay = phase === 'classifying';
  return [
    `${done}/${total}`,
    underWay && perSecond !== null ? `${speed(perSecond)}/s` : '',
    underWay && leftS !== null ? `${clock(Math.ceil(leftS))} left` : '',
  ];
}
