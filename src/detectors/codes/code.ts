import type { Box } from '../../schema/observation.js';

/** What a code is to people: one to be read by telephones, or one of goods and parcels. */
export type CodeClass = 'qrcode' | 'barcode';

/** A code whose content was read and stood its own check. */
export interface Code {
  class: CodeClass;
  /** As `printableContent` gives it. */
  text: string;
  /** The upright rectangle around it. */
  box: Box;
}

/** Characters of a code's content that are kept: a QR code may hold 4,296, and each observation goes through heartbeats. */
const MOST_CHARACTERS = 500;

/** Control characters and those that turn the direction of writing: in a report they would change what else is written there. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Content fit for reports: at most 500 characters, with what cannot be printed as `\u{…}`. */
export function printableContent(text: string): string {
  const printable = text.replaceAll(UNPRINTABLE, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
  return Array.from(printable).slice(0, MOST_CHARACTERS).join('');
}
