import { availableParallelism } from 'node:os';
import { mayHoldWriting } from '../../src/detectors/text/ocr/gate.js';
import type { InferencePool } from '../../src/detectors/inference-pool.js';
import type { Frame } from '../../src/schema/frame.js';
import { line, percentile, table } from '../reference/report.js';
import type { RgbPicture } from './backgrounds.js';
import { scoreFrame, type FrameScore, type Reading } from './reading-score.js';
import { requireFonts, tesseractReadings, tesseractVersion } from './tesseract.js';
import { FONTS, TEXT_SIZES, textSet, type DrawnFrame, type DrawnLine } from './text-set.js';

/** Frames of the set. */
const FRAMES = 500;

interface Scored {
  frame: Pick<DrawnFrame, 'size' | 'lines'>;
  ours: FrameScore;
  theirs: FrameScore;
  ms: number;
  /** Whether the look for strokes lets the frame pass. */
  isLetPass: boolean;
}

/** Prints how well writing is read that was drawn over real frames, beside tesseract on the same frames. */
export async function textQuality(pool: InferencePool, frames = FRAMES): Promise<void> {
  const version = await tesseractVersion();
  await requireFonts([...FONTS.Latin, ...FONTS.Chinese]);
  const all: Scored[] = [];
  const underWay = new Set<Promise<void>>();
  let index = 0;
  for await (const frame of textSet(frames)) {
    const reading = scored(pool, frame, String(index++)).then((it) => {
      all.push(it);
      underWay.delete(reading);
    });
    underWay.add(reading);
    if (underWay.size >= availableParallelism()) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  line(
    `Writing over real frames: ${all.length} frames, each a Latin and a Chinese line; PP-OCRv4 (ours) beside ${version}, --psm 11, eng+chi_sim`,
  );
  line(
    'found: something was read on the line; read: without an error; CER: character errors, a line not found counting in full;',
  );
  line('precision: readings that lie on a line; spaces do not count');
  table([
    [
      'size px',
      'lines',
      'found %',
      'read %',
      'CER %',
      'precision %',
      'tesseract found %',
      'read %',
      'CER %',
      'precision %',
    ],
    ...TEXT_SIZES.map((size) =>
      row(
        `${size}`,
        all.filter(({ frame }) => frame.size === size),
      ),
    ),
    row('all', all),
    row('all, level', all, ({ turnedBy }) => turnedBy === 0),
    row('all, turned to 15°', all, ({ turnedBy }) => turnedBy !== 0 && Math.abs(turnedBy) <= 15),
    row('all, turned to 40°', all, ({ turnedBy }) => Math.abs(turnedBy) > 15 && Math.abs(turnedBy) <= 40),
    row('all, quarter turned', all, ({ turnedBy }) => Math.abs(turnedBy) === 90),
    row('all, upside down', all, ({ turnedBy }) => turnedBy === 180),
    row('all, Latin', all, ({ script }) => script === 'Latin'),
    row('all, Chinese', all, ({ script }) => script === 'Chinese'),
  ]);
  const times = all.map(({ ms }) => ms);
  line(
    `  ms a frame, one thread: median ${percentile(times, 0.5).toFixed(0)}, p95 ${percentile(times, 0.95).toFixed(0)}`,
  );
  line(
    `  frames with writing that the look for strokes rules out: ${all.filter(({ isLetPass }) => !isLetPass).length}`,
  );
  line();
}

async function scored(pool: InferencePool, frame: DrawnFrame, name: string): Promise<Scored> {
  const { size, lines } = frame;
  const theirs = await tesseractReadings(frame, name);
  const isLetPass = mayHoldWriting(frameOf(frame));
  const startedAt = performance.now();
  const ours = await readings(pool, frame);
  const ms = performance.now() - startedAt;
  return { frame: { size, lines }, ours: scoreFrame(lines, ours), theirs: scoreFrame(lines, theirs), ms, isLetPass };
}

function row(
  name: string,
  all: readonly Scored[],
  chosen: (line: DrawnLine) => boolean = () => true,
): (string | number)[] {
  const ours = summary(all, 'ours', chosen);
  const theirs = summary(all, 'theirs', chosen);
  return [name, ours.lines, ...ours.shares, ...theirs.shares];
}

function summary(
  all: readonly Scored[],
  reader: 'ours' | 'theirs',
  chosen: (line: DrawnLine) => boolean,
): { lines: number; shares: string[] } {
  const frames = all.filter(({ frame }) => frame.lines.some(chosen));
  const lines = frames.flatMap((scored) => scored[reader].lines.filter((_, index) => isChosen(scored, index)));
  const total = (of: (value: (typeof lines)[number]) => number): number => lines.reduce((sum, it) => sum + of(it), 0);
  const readingCount = frames.reduce((sum, scored) => sum + scored[reader].readings, 0);
  const strays = frames.reduce((sum, scored) => sum + scored[reader].strays, 0);
  return {
    lines: lines.length,
    shares: [
      percent(
        total(({ isFound }) => Number(isFound)),
        lines.length,
      ),
      percent(
        total(({ edits }) => Number(edits === 0)),
        lines.length,
      ),
      percent(
        total(({ edits }) => edits),
        total(({ characters }) => characters),
      ),
      percent(readingCount - strays, readingCount),
    ],
  };
  function isChosen({ frame }: Scored, index: number): boolean {
    const drawn = frame.lines[index];
    return drawn !== undefined && chosen(drawn);
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}

async function readings(pool: InferencePool, picture: RgbPicture): Promise<Reading[]> {
  const analyser = { kind: 'text', id: 'pp-ocrv4', settings: null } as const;
  const lines = await pool.look(analyser, frameOf(picture), null, AbortSignal.timeout(600_000));
  const spot = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({
    x: x * picture.widthPx,
    y: y * picture.heightPx,
  });
  return lines.map(({ text, quad: [a, b, c, d] }) => ({ text, quad: [spot(a), spot(b), spot(c), spot(d)] }));
}

/** The picture as threads are given it. */
export function frameOf({ widthPx, heightPx, data: bytes }: RgbPicture): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(bytes.length));
  data.set(bytes);
  const colour = { matrix: null, range: null };
  return { sample: 0, widthPx, heightPx, format: 'rgb24', colour, data, release: () => undefined };
}
