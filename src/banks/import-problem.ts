/** Thrown when a file that is to be imported has something that cannot be: nothing of it, or of the files beside it, is imported then. */
export class ImportProblemError extends Error {
  override name = 'ImportProblemError' as const;
  constructor(
    /** As it was given. */
    readonly file: string,
    /** From 1; `null`: it is about the file as a whole. */
    readonly line: number | null,
    /** A sentence: what was expected, what was found. */
    readonly problem: string,
  ) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${problem} Nothing was imported.`);
  }
}

/** A text from outside as messages show it. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
