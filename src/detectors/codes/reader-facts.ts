import type { CodeClass } from './code.js';

/** SHA-256 of `zxing_reader.wasm` of the zxing-wasm release that package-lock.json names. */
export const READER_SHA256 = 'e8af31edb56d0522f4de74495839385ef019ba8bc90d38e5ecb2f18795d86fb2';
export const READER_VERSION = '3.1.4';

/** To be raised with every change of options or of what is done with results: part of the detector's digest. */
export const READING_VERSION = 1;

/** Codes that are looked for, and what each is to people. */
export const CODE_FORMATS = {
  QRCode: 'qrcode',
  EAN13: 'barcode',
  UPCA: 'barcode',
  Code128: 'barcode',
} as const satisfies Readonly<Record<string, CodeClass>>;
export type CodeFormat = keyof typeof CODE_FORMATS;

/**
 * Ways of looking, each with its own formats; measured by `npm run bench -- quality codes`.
 * QR codes are worth the harder search: it reads 15 of 16 with modules below 2.5 pixels instead of 10, for half a millisecond a frame.
 * Bars are not: it reads half as many again, for as long as everything else takes. Left out are codes with no check over all of their content (ITF, Codabar, Code 39) or so short that
 * stripes pass for them (EAN-8, UPC-E, Micro QR), for a fence must not be a find; and Data Matrix, Aztec and PDF417, which are on parcels and tickets
 * and cost as much as all the others.
 */
export const SEARCHES = [
  { formats: ['QRCode'], tryHarder: true },
  { formats: ['EAN13', 'UPCA', 'Code128'], tryHarder: false },
] as const satisfies readonly { formats: readonly CodeFormat[]; tryHarder: boolean }[];
