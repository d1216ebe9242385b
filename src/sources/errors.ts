/** An address as people may see it: without what may be a secret, such as the signature in the query of a presigned address. */
export function forPeople(uri: string): string {
  if (!/^https?:/i.test(uri)) return uri;
  return uri
    .replace(/\?.*$/s, '?…')
    .replace(/#.*$/s, '')
    .replace(/^(https?:\/*)[^/]*@/i, '$1…@');
}

/** Thrown when a source does not exist, or may not be read. */
export class SourceNotFoundError extends Error {
  override name = 'SourceNotFoundError' as const;

  constructor(
    readonly location: string,
    options?: ErrorOptions,
  ) {
    super(`Expected ${forPeople(location)} to be there and readable: check the path and its permissions.`, options);
  }
}

/** Thrown when a source is no longer what it was when the task was started. */
export class SourceChangedError extends Error {
  override name = 'SourceChangedError' as const;

  constructor(readonly uri: string) {
    super(
      `Expected ${forPeople(uri)} to stay as it was when the task started, but its size or version differs: start a new task for the new content.`,
    );
  }
}

/** Thrown when a source may not be named: its address is none, or the operator's configuration has no place for it. */
export class SourceRefusedError extends Error {
  override name = 'SourceRefusedError' as const;

  constructor(
    readonly uri: string,
    /** What was expected instead and how to mend it; ends the sentence. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The source ${forPeople(uri)} is refused: ${reason}.`, options);
  }
}
