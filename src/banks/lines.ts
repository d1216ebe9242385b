import { createReadStream } from 'node:fs';
import { errorCode } from '../domain/error-code.js';
import { ImportProblemError, shown } from './import-problem.js';

/** Longer lines are no lists of hashes: a frame takes a hundred signs, an hour of video at one frame a second a third of a million. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The lines of a text file in UTF-8, many at a time, without their ends and a byte-order mark. */
export async function* linesOf(path: string, file: string): AsyncGenerator<string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE)
        throw new ImportProblemError(file, null, `Expected lines, found one of more than ${LONGEST_LINE} signs.`);
      yield lines.map(withoutReturn);
    }
    rest += decoder.decode();
  } catch (error) {
    if (errorCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new ImportProblemError(file, null, 'Expected text in UTF-8.');
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * The fields of a line of CSV as RFC 4180 has them; a field does not go on on another line.
 * @throws {ImportProblemError}
 */
export function fieldsOf(line: string, place: { file: string; line: number | null }): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (found === null)
      throw new ImportProblemError(
        place.file,
        place.line,
        `Expected fields with commas between them, quoted ones in full on their line, found ${shown(line)}.`,
      );
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return fields;
  }
}

/** A line of CSV. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join();
}
