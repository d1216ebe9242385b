import { readSections, writeSections } from './content.js';

/** A picture of a mark, emblem or logo. */
export interface BankImage {
  /** How a match names it; 1–200 signs. */
  name: string;
  /** PNG, possibly with alpha. */
  png: Uint8Array;
}

/**
 * The pictures of a bank's content, by name.
 * @throws {NotABankError}
 */
export function openImageBank(bytes: Uint8Array): BankImage[] {
  const section = readSections('images', bytes);
  const list = JSON.parse(new TextDecoder().decode(section('list'))) as [name: string, bytes: number][];
  const pictures = section('pictures');
  let at = 0;
  return list.map(([name, size]) => {
    const png = pictures.subarray(at, at + size);
    at += size;
    return { name, png };
  });
}

/** Content of a bank with these pictures; of two of one name the later counts. Sorted, so that equal banks have equal bytes. */
export function writeImageBank(images: readonly BankImage[]): Uint8Array {
  const byName = new Map(images.map(({ name, png }) => [name, png]));
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = JSON.stringify(sorted.map(([name, { byteLength }]) => [name, byteLength]));
  return writeSections('images', [
    ['list', new TextEncoder().encode(list)],
    ['pictures', Buffer.concat(sorted.map(([, png]) => png))],
  ]);
}
