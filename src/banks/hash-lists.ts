import { basename, extname } from 'node:path';
import { addJson, addVpdqJson } from './hash-json.js';
import { listedFrame, MINIMUM_QUALITY, type HashIntake, type ListedFrame, type Place } from './hash-intake.js';
import { ImportProblemError, shown } from './import-problem.js';
import { fieldsOf, linesOf } from './lines.js';
import { hashTypeNamed, type HashType } from './signal-types.js';

/** A file of hashes. */
export interface HashList {
  path: string;
  /** As it was given, for messages. */
  file: string;
  /** What hashes are where the file does not say; `null`: not known. */
  as: Exclude<HashType, 'vpdq'> | null;
}

/** One way of writing hashes a line each. */
interface LineReader {
  line(line: string, place: Place): void;
  end?(): void;
}

/**
 * Takes a list in, in whichever of these formats it is: CSV of ThreatExchange or Hasher-Matcher-Actioner with or without a heading, JSON of them,
 * vPDQ text, checksum lists, and bare hashes.
 * @throws {ImportProblemError}
 */
export async function addHashList(list: HashList, intake: HashIntake): Promise<void> {
  let reader: LineReader | undefined;
  let number = 0;
  for await (const lines of linesOf(list.path, list.file)) {
    for (const line of lines) {
      number++;
      if (line === '' || line.startsWith('#')) continue;
      const place = { file: list.file, line: number };
      if (reader !== undefined) reader.line(line, place);
      else {
        reader = readerFor(line, place, list, intake);
        reader.line(line, place);
      }
    }
  }
  if (reader === undefined) throw new ImportProblemError(list.file, null, 'Expected hashes, found none.');
  reader.end?.();
}

const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;

function readerFor(first: string, place: Place, list: HashList, intake: HashIntake): LineReader {
  if (/^\s*[[{]/.test(first)) return jsonReader(list, intake);
  const fields = fieldsOf(first, place).map((field) => field.trim());
  const [head = ''] = fields;
  if (fields.length === 4 && /^\d+$/.test(head) && HASH.test(fields[2] ?? '')) return vpdqReader(list, intake);
  if (fields.length > 1 && HASH.test(head)) return plainCsvReader(list, intake);
  const columns = columnsOf(fields);
  if (columns !== null) return headedCsvReader(columns, list, intake);
  return listReader(list, intake);
}

/** `n,quality,hash,timestamp`: the file is one video. */
function vpdqReader({ file }: HashList, intake: HashIntake): LineReader {
  const frames: ListedFrame[] = [];
  return {
    line: (line, place) => frames.push(listedFrame(line.split(','), place)),
    end() {
      intake.addVideo(basename(file, extname(file)), frames, { file, line: null });
    },
  };
}

/** `hash,id,time,tags`, as Hasher-Matcher-Actioner's samples have it: 64 digits are a PDQ hash there. */
function plainCsvReader({ as }: HashList, intake: HashIntake): LineReader {
  return {
    line(line, place) {
      // Of the four columns two count, and splitting takes a good part of the time.
      const [hash = '', id = ''] = line.includes('"') ? fieldsOf(line, place) : line.split(',', 2);
      const digits = hash.trim();
      intake.add(as ?? (digits.length === 32 ? 'md5' : 'pdq'), digits, id.trim(), place);
    },
  };
}

interface Columns {
  hash: number;
  /** Of the hashes, where the heading says. */
  type: HashType | null;
  /** Column of the types. */
  types: number;
  id: number;
  quality: number;
  category: number;
}

const COLUMN_NAMES = {
  hash: ['signal_str', 'signal', 'signal_value', 'indicator', 'hash', 'value', 'hash_value'],
  types: ['signal_type', 'type', 'hash_type', 'indicator_type'],
  id: ['id', 'entry', 'name', 'content_id', 'descriptor_id', 'indicator_id'],
  quality: ['quality', 'pdq_quality'],
  category: ['category'],
} as const;

/** What the heading of a CSV says, or `null` when it is none. */
function columnsOf(fields: readonly string[]): Columns | null {
  const names = fields.map((field) => field.toLowerCase());
  const find = (wanted: readonly string[]): number => names.findIndex((name) => wanted.includes(name));
  const typed = names.findIndex((name) => hashTypeNamed(name) !== null);
  const hash = find(COLUMN_NAMES.hash);
  if (hash === -1 && typed === -1) return null;
  const of = { types: find(COLUMN_NAMES.types), id: find(COLUMN_NAMES.id), quality: find(COLUMN_NAMES.quality) };
  const type = hash === -1 ? hashTypeNamed(names[typed] ?? '') : null;
  return { hash: hash === -1 ? typed : hash, type, ...of, category: find(COLUMN_NAMES.category) };
}

function headedCsvReader(columns: Columns, { as }: HashList, intake: HashIntake): LineReader {
  let isHeading = true;
  return {
    line(line, place) {
      if (isHeading) {
        isHeading = false;
        return;
      }
      const fields = fieldsOf(line, place);
      const at = (column: number): string => fields[column]?.trim() ?? '';
      const hash = at(columns.hash);
      const name = at(columns.types);
      const type = name === '' ? (columns.type ?? as ?? typeOfLength(hash, place)) : hashTypeNamed(name);
      const quality = at(columns.quality);
      if (type === null) intake.leave(`of type ${name}, which banks do not hold`);
      else if (at(columns.category).toUpperCase() === 'FALSE_POSITIVE') intake.leave('false positives');
      else if (quality !== '' && Number(quality) < MINIMUM_QUALITY)
        intake.leave(`with a quality below ${MINIMUM_QUALITY}`);
      else if (type === 'vpdq') addVpdqJson(hash, at(columns.id) || null, place, intake);
      else intake.add(type, hash, at(columns.id), place);
    },
  };
}

/** A hash a line, alone; after the name of its type (`pdq …`); or before the name of a file, as `md5sum` and `sha256sum` write it. */
function listReader({ as }: HashList, intake: HashIntake): LineReader {
  return {
    line(line, place) {
      const [, first = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
      const type = hashTypeNamed(first);
      if (type === 'vpdq') addVpdqJson(rest, null, place, intake);
      else if (type !== null) intake.add(type, rest, null, place);
      else if (rest !== '') intake.add(as ?? (first.length === 32 ? 'md5' : 'sha256'), first, fileName(rest), place);
      else intake.add(as ?? typeOfLength(first, place), first, null, place);
    },
  };
}

const fileName = (text: string): string => basename(text.replace(/^\*/, ''));

function typeOfLength(hash: string, { file, line }: Place): 'md5' {
  if (hash.length === 32) return 'md5';
  if (HASH.test(hash))
    throw new ImportProblemError(
      file,
      line,
      '64 hexadecimal digits can be a PDQ hash or a SHA-256, and the file does not say which: add --as pdq or --as sha256.',
    );
  throw new ImportProblemError(
    file,
    line,
    `Expected a hash of 32 or 64 hexadecimal digits, or a heading that names a column of them, found ${shown(hash)}.`,
  );
}

/** An object a line, or one JSON value over all lines: the first line decides, since a part of a value that goes on is not JSON by itself. */
function jsonReader(list: HashList, intake: HashIntake): LineReader {
  let isFirst = true;
  let whole: string[] | null = null;
  return {
    line(line, place) {
      const value = whole === null ? parsedJson(line) : undefined;
      if (isFirst && value === undefined) whole = [];
      isFirst = false;
      if (whole !== null) whole.push(line);
      else if (value === undefined)
        throw new ImportProblemError(place.file, place.line, `Expected JSON, found ${shown(line)}.`);
      else addJson(value, list.as, place, intake);
    },
    end() {
      if (whole === null) return;
      const value = parsedJson(whole.join('\n'));
      if (value === undefined)
        throw new ImportProblemError(list.file, null, 'Expected JSON, or an object of it a line.');
      addJson(value, list.as, { file: list.file, line: null }, intake);
    },
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
