/** Bytes at an address. Without size and version: whatever lies there when the task begins. */
export interface SourceRef {
  /** `file:///real/path`, or `oss://bucket/object` and the like. */
  uri: string;
  sizeBytes?: number;
  version?: string;
}

/** One exact content of a source. A source whose identity differs from the recorded one has changed. */
export interface SourceIdentity extends SourceRef {
  sizeBytes: number;
  /** Changes when the content is replaced: for files the modification time in nanoseconds. */
  version: string;
}
