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
    /** `host`: the host of the address that no name server knows. */
    { host, ...options }: ErrorOptions & { host?: string } = {},
  ) {
    super(
      host === undefined
        ? `Expected ${forPeople(location)} to be there and readable: check the path and its permissions.`
        : `Expected the host of ${forPeople(location)} to be known, but the name ${host} was not found: check how it is written, and the name server of this machine.`,
      options,
    );
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

/** Thrown when whoever keeps a source does not hand it out to us. */
export class SourceAccessDeniedError extends Error {
  override name = 'SourceAccessDeniedError' as const;

  constructor(
    readonly uri: string,
    options?: ErrorOptions,
  ) {
    super(
      `Access to ${forPeople(uri)} was denied: check the credentials that are configured for it, and what they allow.`,
      options,
    );
  }
}

/** Thrown when a source has more bytes than the operator lets one have. */
export class SourceTooLargeError extends Error {
  override name = 'SourceTooLargeError' as const;

  constructor(
    readonly uri: string,
    readonly maxBytes: number,
    /** `null`: it did not say, and was cut off. */
    readonly sizeBytes: number | null,
  ) {
    const found = sizeBytes === null ? 'it has more' : `it has ${sizeBytes}`;
    super(
      `Expected ${forPeople(uri)} to have at most ${maxBytes} bytes, ${found}: the limit is sources.limits.maxBytes.`,
    );
  }
}

/** Thrown when a source could not be fetched in the time that the operator gives it. */
export class SourceTooSlowError extends Error {
  override name = 'SourceTooSlowError' as const;

  constructor(
    readonly uri: string,
    readonly maxSeconds: number,
  ) {
    super(
      `Expected ${forPeople(uri)} to be fetched within ${maxSeconds} s, it came too slowly: the limit is sources.limits.maxSeconds.`,
    );
  }
}

/** Thrown when a source could not be reached, or stopped coming. Trying again may help. */
export class SourceUnavailableError extends Error {
  override name = 'SourceUnavailableError' as const;

  constructor(
    readonly uri: string,
    /** What happened; ends the sentence. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The source ${forPeople(uri)} cannot be fetched now: ${reason}.`, options);
  }
}

/** Thrown when everything in the cache is in use and a source more does not fit. Trying again later helps. */
export class SourceCacheFullError extends Error {
  override name = 'SourceCacheFullError' as const;

  constructor(
    readonly neededBytes: number,
    readonly cacheBytes: number,
  ) {
    super(
      `Expected room for ${neededBytes} bytes among the ${cacheBytes} that fetched sources may take, but all of it is in use: ` +
        'it is tried again; should this last, raise sources.limits.cacheBytes.',
    );
  }
}

/** Thrown when the disk of the cache is full. Trying again helps once there is room. */
export class SourceDiskFullError extends Error {
  override name = 'SourceDiskFullError' as const;

  constructor(
    readonly directory: string,
    options?: ErrorOptions,
  ) {
    super(`There is no room left on the disk of ${directory}: make room; it is tried again.`, options);
  }
}

const PERMANENT: ReadonlySet<string> = new Set([
  'SourceNotFoundError',
  'SourceChangedError',
  'SourceRefusedError',
  'SourceAccessDeniedError',
  'SourceTooLargeError',
  'SourceTooSlowError',
]);

/** Whether no retry mends this. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && PERMANENT.has(error.name);
}

/** Whether this is already an error of a source, and not of what it was fetched with. */
export function isSourceError(error: unknown): error is Error {
  return isPermanent(error) || (error instanceof Error && error.name === 'SourceUnavailableError');
}
