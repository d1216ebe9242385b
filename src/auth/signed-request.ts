/** A name and a value as the client meant them: percent-decoded exactly once. */
export type Pair = readonly [name: string, value: string];

/** What arrived, as far as signatures and policies look at it. Everything is decoded exactly once. */
export interface SignedRequest {
  /** HTTP method, upper case. */
  method: string;
  /** Path without the query, for example `/`. */
  path: string;
  /** Parameters of the URL, in the order of arrival. */
  query: readonly Pair[];
  /** Parameters of a body that is `application/x-www-form-urlencoded`; empty for any other body. */
  form: readonly Pair[];
  /** Values by lower-case name, a repeated header as several values. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** The body's bytes as they arrived. */
  body: Buffer;
  /** Whether the client came over TLS. */
  secure: boolean;
  /** IP address of the client. */
  sourceIp: string;
}

/** The value of a header that may be given once, trimmed; `null` when it is absent, empty or repeated. */
export function headerOf({ headers }: Pick<SignedRequest, 'headers'>, name: string): string | null {
  const values = headers.get(name);
  return values?.length === 1 ? values[0]?.trim() || null : null;
}

/** The first value of a parameter; `null` when it is absent or empty. */
export function valueOf(pairs: readonly Pair[], name: string): string | null {
  return pairs.find(([given]) => given === name)?.[1] || null;
}
