import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { encodeFormats, prepareZXingModule, type ZXingReaderOptions } from 'zxing-wasm/reader';
import type { Look } from '../analysers.js';
import { ModelDamagedError } from '../model-manifest.js';
import { lumaOf } from '../preparation/luma.js';
import type { Picture } from '../preparation/picture.js';
import { printableContent, type Code } from './code.js';
import { CODE_FORMATS, READER_SHA256, SEARCHES, type CodeFormat } from './reader-facts.js';

/** The part of the WebAssembly module that is used: grey pixels in, results out, and memory of its own. */
interface ZXing {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  readBarcodesFromPixmap(at: number, widthPx: number, heightPx: number, options: ZXingReaderOptions): Results;
}

interface Results {
  size(): number;
  get(index: number): Result | undefined;
  delete(): void;
}

interface Result {
  format: string;
  text: string;
  isValid: boolean;
  position: Record<'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight', { x: number; y: number }>;
}

const OPTIONS = {
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  tryDenoise: false,
  binarizer: 0, // LocalAverage
  isPure: false,
  downscaleThreshold: 500,
  downscaleFactor: 3,
  // Bars must be the same on three lines: two of a fence may be.
  minLineCount: 3,
  maxNumberOfSymbols: 16,
  validateOptionalChecksum: true,
  returnErrors: false,
  eanAddOnSymbol: 0, // Ignore
  textMode: 0, // Plain
  characterSet: 0, // Unknown
  tryCode39ExtendedMode: false,
} as const;

const OPTIONS_OF_SEARCHES: readonly ZXingReaderOptions[] = SEARCHES.map(({ formats, tryHarder }) => ({
  ...OPTIONS,
  formats: encodeFormats([...formats]),
  tryHarder,
}));

/**
 * Reads codes with ZXing on the thread that calls it.
 * @throws {ModelDamagedError} when the package's WebAssembly is not the one that detectors' digests name.
 */
export async function loadCodeReader(): Promise<Look<'codes'>> {
  const zxing = await loadZXing();
  return (picture) => Promise.resolve(codesIn(zxing, picture));
}

async function loadZXing(): Promise<ZXing> {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const bytes = await readFile(path);
  const received = createHash('sha256').update(bytes).digest('hex');
  if (received !== READER_SHA256) throw new ModelDamagedError('zxing-wasm', path, READER_SHA256, received);
  // Without its bytes the package would fetch them from the network.
  const wasmBinary = Uint8Array.from(bytes).buffer;
  const module: unknown = await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return module as ZXing;
}

function codesIn(zxing: ZXing, picture: Picture): Code[] {
  const { widthPx, heightPx } = picture;
  const luma = lumaOf(picture);
  const at = zxing._malloc(luma.length);
  try {
    zxing.HEAPU8.set(luma, at);
    return OPTIONS_OF_SEARCHES.flatMap((options) =>
      resultsOf(zxing.readBarcodesFromPixmap(at, widthPx, heightPx, options)),
    )
      .flatMap((result) => codeOf(result, picture))
      .sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x || (a.text < b.text ? -1 : 1));
  } finally {
    zxing._free(at);
  }
}

/** Frees the module's memory of them. */
function resultsOf(results: Results): Result[] {
  try {
    return Array.from({ length: results.size() }, (_, index) => results.get(index)).filter((it) => it !== undefined);
  } finally {
    results.delete();
  }
}

function codeOf({ format, text, isValid, position }: Result, { widthPx, heightPx }: Picture): Code[] {
  if (!isValid || text.length === 0 || !Object.hasOwn(CODE_FORMATS, format)) return [];
  const corners = Object.values(position);
  const across = corners.map(({ x }) => share(x, widthPx));
  const down = corners.map(({ y }) => share(y, heightPx));
  const [x, y] = [Math.min(...across), Math.min(...down)];
  const box = { x, y, width: rounded(Math.max(...across) - x), height: rounded(Math.max(...down) - y) };
  return [{ class: CODE_FORMATS[format as CodeFormat], text: printableContent(text), box }];
}

function share(position: number, length: number): number {
  return rounded(Math.min(1, Math.max(0, position / length)));
}

/** A ten-thousandth of a picture is less than half a pixel of most. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
