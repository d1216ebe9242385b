import type { CodeClass } from './code.js';

/** SHA-256 of `zxing_reader.wasm` of the zxing-wasm release that package-lock.json names. */
export const READER_SHA256 = 'e8af31edb56d0522f4de74495839385ef019ba8bc90d38e5ecb2f18795d86fb2';
export const READER_VERSION = '3.1.4';

/** To be raised with every change of options or of what is done with results: part of the detector's digest. */
export const READING_VERSION = 1;

/**
 * Codes that are looked for. All have error correction or a check over all of their content. Those without (ITF, Codabar, Code 39) and those so
 * short that stripes pass for them (EAN-8, UPC-E, Micro QR) are left out: a fence must not be a find.
 */
export const CODE_FORMATS = {
  QRCode: 'qrcode',
  DataMatrix: 'barcode',
  Aztec: 'barcode',
  PDF417: 'barcode',
  EAN13: 'barcode',
  UPCA: 'barcode',
  Code128: 'barcode',
} as const satisfies Readonly<Record<string, CodeClass>>;
export type CodeFormat = keyof typeof CODE_FORMATS;
