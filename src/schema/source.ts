/** Bytes at an address. Without size and version: whatever lies there when the task begins. */
export interface SourceRef {
  /** `file:///real/path`, `oss://bucket/key`, `s3://bucket/key` or `https://…`. A key is everything behind the bucket's `/`, as it is: nothing is decoded. */
  uri: string;
  sizeBytes?: number;
  version?: string;
  /** `CredentialConfig.ServiceRole` of the task: which of the operator's credentials read a bucket. */
  role?: string;
  /** Named by a command on this machine, whose user may read any file: the operator's `fileRoots` do not bind it. */
  anyFile?: true;
}

/** One exact content of a source. A source whose identity differs from the recorded one has changed. */
export interface SourceIdentity extends SourceRef {
  sizeBytes: number;
  /** Changes when the content is replaced: for files the modification time in nanoseconds, for objects their ETag, for `https:` the validators. */
  version: string;
}
