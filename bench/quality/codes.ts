import type { InferencePool } from '../../src/detectors/inference-pool.js';
import { line, percentile, table } from '../reference/report.js';
import { codeSet, KINDS, MODULE_SIZES } from './code-set.js';
import { frameOf } from './text.js';

/** Frames of the set. */
const FRAMES = 300;

interface Read {
  kind: (typeof KINDS)[number];
  moduleSize: number;
  /** Whether the content drawn was read. */
  isRead: boolean;
  /** Whether anything else was. */
  isWrong: boolean;
  ms: number;
}

/** Prints how well codes are read that were drawn over real frames. */
export async function codeQuality(pool: InferencePool, frames = FRAMES): Promise<void> {
  const analyser = { kind: 'codes', id: 'zxing', settings: null } as const;
  const all: Read[] = [];
  for await (const frame of codeSet(frames)) {
    const startedAt = performance.now();
    const found = await pool.look(analyser, frameOf(frame), null, AbortSignal.timeout(600_000));
    const { kind, moduleSize, content } = frame;
    // UPC-A is EAN-13 with a nought before it, and either may be answered.
    const texts = found.map(({ text }) => (kind === 'EAN13' ? text.padStart(13, '0') : text));
    all.push({
      kind,
      moduleSize,
      isRead: texts.includes(content),
      isWrong: texts.some((text) => text !== content),
      ms: performance.now() - startedAt,
    });
  }
  line(
    `Codes over real frames: ${all.length} frames with one code each, turned, slanted, faint or inverted; read % of codes (how many there are)`,
  );
  const cell = (of: readonly Read[]): string =>
    of.length === 0
      ? '-'
      : `${((100 * of.filter(({ isRead }) => isRead).length) / of.length).toFixed(0)} (${of.length})`;
  table([
    ['module px', ...KINDS],
    ...[...MODULE_SIZES, null].map((size) => [
      size === null ? 'all' : `${size}`,
      ...KINDS.map((kind) => cell(all.filter((it) => it.kind === kind && (size === null || it.moduleSize === size)))),
    ]),
  ]);
  const times = all.map(({ ms }) => ms);
  line(
    `  wrong contents: ${all.filter(({ isWrong }) => isWrong).length}; ms a frame: median ${percentile(times, 0.5).toFixed(1)}, p95 ${percentile(times, 0.95).toFixed(1)}`,
  );
  line();
}
