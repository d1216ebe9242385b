import type { BankKind } from '../schema/bank.js';
import { entryOf, hashAt, readHashSections, videoAt, type HashSections, type KnownVideo } from './hash-bank.js';
import { hexOf } from './hex.js';
import { openImageBank } from './image-bank.js';
import { csvLine } from './lines.js';
import { openTermBank, termName } from './term-bank.js';

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One thing of a bank as lists have it. */
interface Listed {
  type: string;
  value: string;
  /** How matches name it. */
  id: string;
}

/**
 * The lines of a bank, which import takes again: CSV `signal_type,signal_str,id`, or JSON of Hasher-Matcher-Actioner's form an object a line; terms as they are
 * imported; pictures by name and size only.
 * @throws {NotABankError}
 */
export function* exportLines(kind: BankKind, bytes: Uint8Array, format: ExportFormat): Generator<string> {
  const isCsv = format === 'csv';
  if (kind === 'terms') {
    if (isCsv) yield 'kind,term,id,note';
    for (const term of openTermBank(bytes))
      yield isCsv ? csvLine([term.kind, term.term, term.id ?? '', term.note ?? '']) : JSON.stringify(term);
  } else if (kind === 'images') {
    if (isCsv) yield 'name,bytes';
    for (const { name, png } of openImageBank(bytes))
      yield isCsv ? csvLine([name, String(png.length)]) : JSON.stringify({ name, bytes: png.length });
  } else {
    if (isCsv) yield 'signal_type,signal_str,id';
    for (const { type, value, id } of listed(readHashSections(bytes)))
      yield isCsv ? csvLine([type, value, id]) : JSON.stringify({ id, signals: { [type]: value } });
  }
}

function* listed(bank: HashSections): Generator<Listed> {
  const { nameAt } = bank;
  for (const [row, name] of bank.pictureNames.entries()) {
    const value = hexOf(hashAt(bank.pictures, row));
    yield { type: 'pdq', value, id: entryOf(nameAt, name, () => value) };
  }
  for (const [video, name] of bank.videoNames.entries())
    yield { type: 'vpdq', value: vpdqSignal(videoAt(bank, video)), id: nameAt(name) };
  for (const [type, size, digests, names] of [
    ['md5', 16, bank.md5s, bank.md5Names],
    ['sha256', 32, bank.sha256s, bank.sha256Names],
  ] as const) {
    for (const [row, name] of names.entries()) {
      const value = Buffer.from(digests.subarray(row * size, (row + 1) * size)).toString('hex');
      yield { type, value, id: entryOf(nameAt, name, () => value) };
    }
  }
}

/** As ThreatExchange's library writes vPDQ: a JSON list of `hash,quality,timestamp`. */
function vpdqSignal({ hashes, qualities, timestampsS }: KnownVideo): string {
  const frames = Array.from(
    qualities,
    (quality, frame) => `${hexOf(hashAt(hashes, frame))},${quality},${(timestampsS[frame] as number).toFixed(3)}`,
  );
  return JSON.stringify(frames);
}

/** Names of everything in a bank, each once. */
export function entryNames(kind: BankKind, bytes: Uint8Array): Set<string> {
  if (kind === 'terms') return new Set(openTermBank(bytes).map(termName));
  if (kind === 'images') return new Set(openImageBank(bytes).map(({ name }) => name));
  return new Set(Array.from(listed(readHashSections(bytes)), ({ id }) => id));
}
