/** Content-addressed storage of observations and evidence. */
export interface BlobStore {
  /** Stores bytes and answers their SHA-256 in hexadecimal; storing the same bytes again changes nothing. Durable once it returns. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws {BlobNotFoundError} when nothing with this digest is kept. */
  get(digest: string): Promise<Buffer>;
  has(digest: string): Promise<boolean>;
  /** Removes it; absent is fine. */
  delete(digest: string): Promise<void>;
}
