import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { backgrounds, type RgbPicture } from './backgrounds.js';
import { chance, type Chance } from './chance.js';

/** Side of a QR code's module, or width of a barcode's thinnest bar, in pixels. */
export const MODULE_SIZES = [1.5, 2, 3, 4, 6] as const;
export const KINDS = ['QRCode', 'EAN13', 'Code128'] as const;
type Kind = (typeof KINDS)[number];

/** A real frame with a code drawn over it, and compressed. */
export interface CodeFrame extends RgbPicture {
  kind: Kind;
  moduleSize: number;
  content: string;
}

const SEED = 7_331;

/** The same frames in every run. Half of them have a QR code, turned, slanted, faint, inverted or not. */
export async function* codeSet(count: number): AsyncGenerator<CodeFrame> {
  await prepareWriter();
  const scenery = await backgrounds();
  const die = chance(SEED);
  for (let index = 0; index < count; index++) {
    const background = scenery[Math.floor(die.next() * scenery.length)];
    const moduleSize = MODULE_SIZES[index % MODULE_SIZES.length];
    if (background === undefined || moduleSize === undefined)
      throw new Error('Expected frames of samples/ to draw over.');
    const kind = die.next() < 0.5 ? 'QRCode' : die.oneOf(KINDS);
    yield await drawn(background, kind, moduleSize, die);
  }
}

async function prepareWriter(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  const wasmBinary = Uint8Array.from(await readFile(path)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

async function drawn(background: RgbPicture, kind: Kind, moduleSize: number, die: Chance): Promise<CodeFrame> {
  const { widthPx, heightPx, data: pixels } = background;
  const content = contentOf(kind, die);
  const { image, error } = await writeBarcode(content, { format: kind, scale: 8, addQuietZones: true });
  if (image === null) throw new Error(`Expected a code of ${content}, received ${error}.`);
  const light = Math.round(die.between(170, 255));
  const dark = light - die.oneOf([80, 120, 160]);
  const isInverted = die.next() < 0.15;
  const [low, high] = isInverted ? [light, dark] : [dark, light];
  const scale = moduleSize / 8;
  const grey = await sharp(Buffer.from(await image.arrayBuffer()))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const coloured = Buffer.from(grey.data.map((value) => (value < 128 ? low : high)));
  const angle = ((die.next() < 0.4 ? 0 : die.between(-180, 180)) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const slant = die.next() < 0.5 ? 1 : die.between(0.75, 1);
  const code = await sharp(coloured, { raw: { width: grey.info.width, height: grey.info.height, channels: 1 } })
    .toColourspace('srgb')
    .ensureAlpha()
    .affine([cos, -sin * slant, sin, cos * slant], { background: '#0000', interpolator: 'bilinear' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const room = (whole: number, part: number): number => Math.max(0, Math.floor(die.next() * (whole - part)));
  const fits = code.info.width <= widthPx && code.info.height <= heightPx;
  const input = fits ? code.data : await sharp(code.data).resize(widthPx, heightPx, { fit: 'inside' }).toBuffer();
  const { data } = await sharp(
    await sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
      .composite([{ input, left: room(widthPx, code.info.width), top: room(heightPx, code.info.height) }])
      .jpeg({ quality: die.oneOf([50, 75, 95]) })
      .toBuffer(),
  )
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx, heightPx, data, kind, moduleSize, content };
}

function contentOf(kind: Kind, die: Chance): string {
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(die.next() * 10)).join('');
  if (kind === 'EAN13') {
    const first = digits(12);
    const sum = Array.from(first).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
    return `${first}${(10 - (sum % 10)) % 10}`;
  }
  if (kind === 'Code128') return `FW-${digits(8)}`;
  return `https://example.com/${digits(6)}/${'path'.repeat(1 + Math.floor(die.next() * 5))}?id=${digits(4)}`;
}
