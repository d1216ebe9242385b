import type { Policy } from '../schema/policy.js';

/** A policy that somebody saved for a project in the console; it replaces the one of the service's configuration. */
export interface PolicyVersion {
  project: string;
  /** 1, 2, 3 … */
  version: number;
  policy: Policy;
  /** SHA-256, hexadecimal. */
  policyDigest: string;
  savedBy: string;
  /** ISO 8601, UTC. */
  savedAt: string;
  /** What it is for, in their words. */
  note: string | null;
}

/** Policies of projects, append-only. */
export interface PolicyVersionStore {
  /**
   * Appends the next version.
   * @throws {PolicyChangedError} when `after` is not the latest version (0: there is none): somebody else saved one meanwhile
   */
  save(version: Omit<PolicyVersion, 'version'>, after: number): Promise<PolicyVersion>;
  latest(project: string): Promise<PolicyVersion | null>;
  /** The latest of every project that has one. */
  latestOfAll(): Promise<PolicyVersion[]>;
  /** Newest first. */
  list(project: string): Promise<PolicyVersion[]>;
}

/** Thrown when a policy was saved by somebody else meanwhile. */
export class PolicyChangedError extends Error {
  override name = 'PolicyChangedError' as const;
  constructor(
    readonly project: string,
    readonly latest: number,
  ) {
    super(
      `Expected to save the version after the one that was changed, but version ${latest} of ${project} was saved meanwhile.`,
    );
  }
}
