import type { Picture } from './picture.js';

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
const DEFAULT_SHARES = { red: 0.299, blue: 0.114 };

/** From Y − `black`, U − 128 and V − 128 to red, green and blue, 0–255. */
export interface YuvGains {
  black: number;
  luma: number;
  redOfV: number;
  greenOfU: number;
  greenOfV: number;
  blueOfU: number;
}

/** What each value of Y, U and V adds to red, green and blue, in 1/65536. */
export interface YuvTables {
  /** To all three, for each value of Y. */
  y: Int32Array;
  /** To red, green and blue, and a 0, for each value of U and of V. */
  u: Int32Array;
  v: Int32Array;
  /** All of these, one behind the other, as the kernel takes them. */
  bytes: Uint8Array;
}

export function yuvGains({ matrix, range }: Picture['colour']): YuvGains {
  const { red, blue } = (matrix === null ? undefined : LUMA_SHARES[matrix]) ?? DEFAULT_SHARES;
  const green = 1 - red - blue;
  const full = range === 'pc';
  const chroma = full ? 1 : 255 / 224;
  return {
    black: full ? 0 : 16,
    luma: full ? 1 : 255 / 219,
    redOfV: 2 * (1 - red) * chroma,
    greenOfU: (-2 * (1 - blue) * blue * chroma) / green,
    greenOfV: (-2 * (1 - red) * red * chroma) / green,
    blueOfU: 2 * (1 - blue) * chroma,
  };
}

const cache = new Map<string, YuvTables>();

/** Tables that give what swscale gives for this kind of YUV as rgb24; computed once for each. */
export function yuvTables(colour: Picture['colour'], format: 'yuv420p' | 'yuv444p'): YuvTables {
  const key = [format, colour.matrix, colour.range].join();
  const known = cache.get(key);
  if (known !== undefined) return known;
  const { black, luma, redOfV, greenOfU, greenOfV, blueOfU } = yuvGains(colour);
  // 4:4:4 is rounded once, at the end: the half is part of luma.
  const [term, half] = format === 'yuv420p' ? [truncatedTerm, 0] : [exactTerm, 1 << 15];
  const bytes = new Uint8Array(4 * 256 * 9);
  const [y, u, v] = [new Int32Array(bytes.buffer, 0, 256), ofChroma(bytes, 1), ofChroma(bytes, 5)];
  for (let value = 0; value < 256; value++) {
    const ofGain = (gain: number): number => term(value - 128, gain);
    y[value] = term(value - black, luma) + half;
    u.set([0, ofGain(greenOfU), ofGain(blueOfU)], 4 * value);
    v.set([ofGain(redOfV), ofGain(greenOfV)], 4 * value);
  }
  const tables = { y, u, v, bytes };
  cache.set(key, tables);
  return tables;
}

/** A table of four terms for each value, behind so many of one. */
function ofChroma({ buffer }: Uint8Array, before: number): Int32Array {
  return new Int32Array(buffer, 4 * 256 * before, 4 * 256);
}

/** Means by which {@link truncatedTerm} makes red, green and blue darker than the exact conversion: half a level for each term. */
export const TRUNCATION_BIAS = { red: -1, green: -1.5, blue: -1 } as const;

function exactTerm(value: number, gain: number): number {
  return Math.round(65536 * gain * value);
}

/**
 * swscale's vector code for 4:2:0 multiplies 13 bit values by 13 bit gains and drops the rest of each term. Being one level brighter than that, as
 * an exact conversion is, moves scores of nsfwjs by up to 0.017.
 */
function truncatedTerm(value: number, gain: number): number {
  return ((value * 8 * Math.round(gain * 8192)) >> 16) << 16;
}
