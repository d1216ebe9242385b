import type { Frame } from '../../schema/frame.js';

/** Share of red and blue in luma for each matrix, by ffmpeg's names (ITU-T H.273, table 4). */
const LUMA_SHARES: Readonly<Record<string, { red: number; blue: number }>> = {
  bt709: { red: 0.2126, blue: 0.0722 },
  fcc: { red: 0.3, blue: 0.11 },
  bt470bg: { red: 0.299, blue: 0.114 },
  smpte170m: { red: 0.299, blue: 0.114 },
  smpte240m: { red: 0.212, blue: 0.087 },
  bt2020nc: { red: 0.2627, blue: 0.0593 },
  bt2020c: { red: 0.2627, blue: 0.0593 },
};

/** What swscale takes for streams that declare nothing; the references saw frames made that way. */
const DEFAULT_MATRIX = { red: 0.299, blue: 0.114 };

/** What each value of Y, U and V adds to red, green and blue, in 1/65536; `y` holds the half that rounds. */
export interface YuvTables {
  y: Int32Array;
  redOfV: Int32Array;
  greenOfU: Int32Array;
  greenOfV: Int32Array;
  blueOfU: Int32Array;
}

const cache = new Map<string, YuvTables>();

/** Tables for this kind of YUV, 8 bits wide; computed once. */
export function yuvTables({ matrix, range }: Frame['colour']): YuvTables {
  const key = `${matrix ?? ''} ${range ?? ''}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const { red, blue } = (matrix === null ? undefined : LUMA_SHARES[matrix]) ?? DEFAULT_MATRIX;
  const green = 1 - red - blue;
  const full = range === 'pc';
  const lumaGain = full ? 1 : 255 / 219;
  const chromaGain = full ? 1 : 255 / 224;
  const table = (gain: number, zero: number, half = 0): Int32Array =>
    Int32Array.from({ length: 256 }, (_, value) => Math.round(65536 * gain * (value - zero)) + half);
  const tables = {
    y: table(lumaGain, full ? 0 : 16, 32768),
    redOfV: table(2 * (1 - red) * chromaGain, 128),
    greenOfU: table((-2 * (1 - blue) * blue * chromaGain) / green, 128),
    greenOfV: table((-2 * (1 - red) * red * chromaGain) / green, 128),
    blueOfU: table(2 * (1 - blue) * chromaGain, 128),
  };
  cache.set(key, tables);
  return tables;
}
