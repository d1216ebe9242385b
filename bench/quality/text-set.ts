import sharp from 'sharp';
import { backgrounds, type RgbPicture } from './backgrounds.js';
import { chance, type Chance } from './chance.js';
import { chinesePhrase, latinPhrase } from './phrases.js';

export const TEXT_SIZES = [12, 16, 20, 24, 32, 48, 64, 96] as const;
export type Script = 'Latin' | 'Chinese';

/** A position in pixels. */
export interface Spot {
  x: number;
  y: number;
}

/** A line that was drawn. */
export interface DrawnLine {
  text: string;
  script: Script;
  /** Degrees to the right. */
  turnedBy: number;
  /** Corners of its ink: the text's own top left, top right, bottom right, bottom left. */
  quad: readonly [Spot, Spot, Spot, Spot];
}

/** A real frame with lines drawn over it, and compressed. */
export interface DrawnFrame extends RgbPicture {
  /** Font size, pixels. */
  size: number;
  lines: readonly DrawnLine[];
}

export const FONTS: Readonly<Record<Script, readonly [string, ...string[]]>> = {
  Latin: ['DejaVu Sans', 'DejaVu Serif', 'DejaVu Sans Mono', 'DejaVu Sans Condensed'],
  Chinese: ['Noto Sans CJK SC', 'Noto Serif CJK SC', 'WenQuanYi Zen Hei'],
};

const SEED = 20_261_121;

/** The same frames in every run: each with one Latin and one Chinese line of one size, turned alike. */
export async function* textSet(count: number): AsyncGenerator<DrawnFrame> {
  const scenery = await backgrounds();
  const die = chance(SEED);
  for (let index = 0; index < count; index++) {
    const background = scenery[Math.floor(die.next() * scenery.length)];
    const size = TEXT_SIZES[index % TEXT_SIZES.length];
    if (background === undefined || size === undefined) throw new Error('Expected frames of samples/ to draw over.');
    yield await drawn(background, size, turn(die), die);
  }
}

/** Most writing is level. */
function turn(die: Chance): number {
  const kind = die.next();
  if (kind < 0.6) return 0;
  if (kind < 0.8) return die.between(-15, 15);
  if (kind < 0.9) return die.between(-40, 40);
  return kind < 0.95 ? 180 : die.oneOf([90, -90]);
}

async function drawn(background: RgbPicture, size: number, turnedBy: number, die: Chance): Promise<DrawnFrame> {
  const { widthPx, heightPx } = background;
  const upright = Math.abs(Math.abs(turnedBy) - 90) < 1;
  const layers: string[] = [];
  const lines: DrawnLine[] = [];
  for (const [index, script] of (['Latin', 'Chinese'] as const).entries()) {
    const at = 0.27 + 0.46 * index;
    const places = Array.from({ length: 6 }, () => (upright ? { x: at, y: 0.5 } : { x: 0.5, y: at })).map(
      ({ x, y }) => ({
        x: widthPx * (x + die.between(-0.02, 0.02)),
        y: heightPx * (y + die.between(-0.06, 0.06)),
      }),
    );
    const room = roomAt(background, turnedBy);
    const line = await fitting(script, size, room, die);
    if (line === null) continue;
    const looks = places.map((place) => ({ place, around: around(background, place, line.ink.width / 2, turnedBy) }));
    const [calmest] = looks.sort((a, b) => a.around.deviation - b.around.deviation);
    if (calmest === undefined) continue;
    const { place: centre } = calmest;
    layers.push(
      `<g transform="translate(${centre.x},${centre.y}) rotate(${turnedBy}) translate(${-line.ink.x - line.ink.width / 2},${-line.ink.y - line.ink.height / 2})">` +
        writing(line, size, calmest.around.mean, die) +
        '</g>',
    );
    lines.push({ text: line.text, script, turnedBy, quad: turnedQuad(centre, line.ink, turnedBy) });
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${layers.join('')}</svg>`;
  const composed = await sharp(background.data, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: die.oneOf([30, 50, 75, 95]) })
    .toBuffer();
  const { data } = await sharp(composed).raw().toBuffer({ resolveWithObject: true });
  return { widthPx, heightPx, data, size, lines };
}

/** Length that a line through the middle of either half may have. */
function roomAt({ widthPx, heightPx }: RgbPicture, turnedBy: number): number {
  const angle = (turnedBy * Math.PI) / 180;
  const [across, down] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const half = down > 0.9 ? heightPx * 0.9 : heightPx * 0.42;
  return Math.min((widthPx * 0.92) / Math.max(across, 0.01), half / Math.max(down, 0.01));
}

interface Ink {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface FittedLine {
  text: string;
  font: string;
  ink: Ink;
}

async function fitting(script: Script, size: number, room: number, die: Chance): Promise<FittedLine | null> {
  const font = die.oneOf(FONTS[script]);
  let text = script === 'Latin' ? latinPhrase(die) : chinesePhrase(die);
  while (Array.from(text).length >= 3) {
    const ink = await inkOf(text, font, size);
    if (ink.width <= room) return { text, font, ink };
    const kept = Math.floor(Array.from(text).length * Math.min(0.9, room / ink.width));
    text = Array.from(text).slice(0, kept).join('').trim();
  }
  return null;
}

/** Where the ink of a line lies whose baseline begins at 0, 0. */
async function inkOf(text: string, font: string, size: number): Promise<Ink> {
  const width = Math.ceil(size * (Array.from(text).length + 4) * 1.1);
  const height = size * 3;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g transform="translate(${size},${size * 2})">` +
    `${textElement(text, font, size, '#fff')}</g></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true });
  let [left, right, top, bottom] = [info.width, 0, info.height, 0];
  for (const [at, alpha] of data.entries()) {
    if (alpha < 32) continue;
    const x = at % info.width;
    const y = (at - x) / info.width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return { x: left - size, y: top - size * 2, width: right - left, height: bottom - top };
}

function textElement(text: string, font: string, size: number, fill: string, more = ''): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text font-family="${font}" font-size="${size}" fill="${fill}" xml:space="preserve"${more}>${escaped}</text>`;
}

type Colour = readonly [number, number, number];

/** As writing comes in videos: as it is, with an outline, or on a plate. */
function writing({ text, font, ink }: FittedLine, size: number, background: Colour, die: Chance): string {
  const style = die.oneOf(['plain', 'outlined', 'plate']);
  const colour = visibleColour(background, die);
  if (style === 'plain') return textElement(text, font, size, rgb(colour));
  const under = visibleColour(colour, die);
  if (style === 'outlined')
    return textElement(
      text,
      font,
      size,
      rgb(colour),
      ` stroke="${rgb(under)}" stroke-width="${size / 12}" paint-order="stroke"`,
    );
  const edge = size / 3;
  const [width, height] = [ink.width + 2 * edge, ink.height + 2 * edge];
  const plate = `<rect x="${ink.x - edge}" y="${ink.y - edge}" width="${width}" height="${height}" fill="${rgb(under)}" opacity="0.85"/>`;
  return plate + textElement(text, font, size, rgb(colour));
}

function rgb(colour: Colour): string {
  return `rgb(${colour.join()})`;
}

function turnedQuad(centre: Spot, { width, height }: Ink, turnedBy: number): DrawnLine['quad'] {
  const angle = (turnedBy * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (right: number, below: number): Spot => ({
    x: centre.x + right * width * cos - below * height * sin,
    y: centre.y + right * width * sin + below * height * cos,
  });
  return [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
}

/** Mean colour under a line, and how much its brightness varies. */
function around(
  { widthPx, heightPx, data }: RgbPicture,
  { x, y }: Spot,
  reach: number,
  turnedBy: number,
): { mean: Colour; deviation: number } {
  const angle = (turnedBy * Math.PI) / 180;
  const inside = (value: number, length: number): number => Math.min(length - 1, Math.max(0, Math.round(value)));
  const colours = Array.from({ length: 41 }, (_, step) => {
    const along = (step / 20 - 1) * reach;
    const column = inside(x + along * Math.cos(angle), widthPx);
    const at = (inside(y + along * Math.sin(angle), heightPx) * widthPx + column) * 3;
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
  });
  const mean = (of: (colour: Colour) => number): number =>
    colours.reduce((sum, it) => sum + of(it), 0) / colours.length;
  const middle = mean(brightness);
  return {
    mean: [mean(([red]) => red), mean(([, green]) => green), mean(([, , blue]) => blue)],
    deviation: mean((colour) => Math.abs(brightness(colour) - middle)),
  };
}

function brightness([red, green, blue]: Colour): number {
  return (red + green + blue) / 3;
}

/** A colour that differs from another by 60, 110 or 180 levels in brightness, to the side that has room for it. */
function visibleColour(from: Colour, die: Chance): Colour {
  const by = die.oneOf([60, 110, 180]) * (brightness(from) > 127 ? -1 : 1);
  return from.map((value) =>
    Math.round(Math.min(255, Math.max(0, value + by + die.between(-20, 20)))),
  ) as unknown as Colour;
}
