import type { Look } from '../../analysers.js';
import type { Quad, TextLine } from '../text-line.js';
import { channelsOf, type Channels } from './channels.js';
import { spell, type Spelling } from './ctc.js';
import { detectLines } from './detect-lines.js';
import { mayHoldWriting } from './gate.js';
import { lineCrop } from './line-crop.js';
import { loadCharacters, loadOcrNetwork, type OcrNetwork } from './ocr-models.js';
import { cornersOf, quarterTurned, type TurnedRectangle } from './turned-rectangle.js';

/** Height at which the recognising network reads. */
const LINE_PX = 48;
/** Longer lines are squeezed: at this width a line has about 150 characters. */
const LONGEST_PX = 2400;
/** Widths are rounded up to it: eight pixels make one step of the answer. */
const WIDTH_STEP = 32;
/** PaddleOCR fills short lines up with grey to 320 (`rec_image_shape`); without it the same is read of 80 lines of the generated set, in less time. */
const SHORTEST_PX = 96;
/** Lines so much higher than wide run upwards or downwards (PaddleOCR's `get_rotate_crop_image`). */
const UPRIGHT_FROM = 1.5;
/** Less sure readings are tried upside down too. */
const SURE = 0.9;
/** Readings below it are dropped (PaddleOCR's `drop_score`): texture, not writing. */
const READABLE = 0.5;
/** Lines that are read of one picture, the largest ones: a page of small print must not hold up a video. */
const MOST_LINES = 60;

/** Reads writing with PP-OCRv4 on the thread that calls it. */
export async function loadTextReader(): Promise<Look<'text'>> {
  const [detection, recognition, characters] = await Promise.all([
    loadOcrNetwork('detection'),
    loadOcrNetwork('recognition'),
    loadCharacters(),
  ]);
  return async (picture) => {
    if (!mayHoldWriting(picture)) return [];
    const channels = channelsOf(picture);
    const regions = await detectLines(channels, detection);
    const lines: TextLine[] = [];
    for (const region of largest(regions)) {
      const line = await readLine(channels, region, recognition, characters);
      if (line !== null) lines.push(line);
    }
    return lines;
  };
}

/** In their order. */
function largest(regions: readonly TurnedRectangle[]): TurnedRectangle[] {
  if (regions.length <= MOST_LINES) return [...regions];
  const areas = regions.map(({ width, height }) => width * height).sort((a, b) => b - a);
  const least = areas[MOST_LINES - 1] ?? 0;
  return regions.filter(({ width, height }) => width * height >= least).slice(0, MOST_LINES);
}

async function readLine(
  channels: Channels,
  region: TurnedRectangle,
  recognition: OcrNetwork,
  characters: readonly string[],
): Promise<TextLine | null> {
  const first = region.height >= UPRIGHT_FROM * region.width ? quarterTurned(region, 3) : region;
  const spelled = async (way: TurnedRectangle): Promise<{ way: TurnedRectangle; spelling: Spelling }> => ({
    way,
    spelling: await recognised(channels, way, recognition, characters),
  });
  let best = await spelled(first);
  if (best.spelling.confidence < SURE) {
    const other = await spelled(quarterTurned(first, 2));
    if (other.spelling.confidence > best.spelling.confidence) best = other;
  }
  const text = best.spelling.text.trim();
  if (text.length === 0 || best.spelling.confidence < READABLE) return null;
  return { text, confidence: rounded(best.spelling.confidence, 1e6), ...placeOf(best.way, channels) };
}

async function recognised(
  channels: Channels,
  region: TurnedRectangle,
  recognition: OcrNetwork,
  characters: readonly string[],
): Promise<Spelling> {
  const filled = Math.min(LONGEST_PX, Math.max(1, Math.ceil((LINE_PX * region.width) / region.height)));
  const width = Math.max(SHORTEST_PX, Math.ceil(filled / WIDTH_STEP) * WIDTH_STEP);
  const planes = lineCrop(channels, region, LINE_PX, width, filled);
  return spell(await recognition(planes, LINE_PX, width), characters);
}

function placeOf(region: TurnedRectangle, { widthPx, heightPx }: Channels): Pick<TextLine, 'box' | 'quad'> {
  const quad = cornersOf(region).map(({ x, y }) => ({ x: share(x, widthPx), y: share(y, heightPx) })) as [...Quad];
  const [across, down] = [quad.map(({ x }) => x), quad.map(({ y }) => y)];
  const [x, y] = [Math.min(...across), Math.min(...down)];
  const box = { x, y, width: rounded(Math.max(...across) - x, 1e4), height: rounded(Math.max(...down) - y, 1e4) };
  return { box, quad };
}

function share(position: number, length: number): number {
  return rounded(Math.min(1, Math.max(0, position / length)), 1e4);
}

function rounded(value: number, to: number): number {
  return Math.round(value * to) / to;
}
