import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describeIssue } from './describe-issue.js';
import { digestOf } from './digest.js';
import { errorCode, errorMessage } from './domain/error-code.js';
import { packageRoot } from './paths.js';
import { Policy } from './schema/policy.js';

/** A policy and what identifies it. */
export interface LoadedPolicy {
  policy: Policy;
  /** SHA-256 of its values, hexadecimal: comments and the order of keys do not count. */
  policyDigest: string;
}

/** Thrown when a file does not hold a policy; says every place that is wrong. */
export class InvalidPolicyError extends Error {
  override name = 'InvalidPolicyError' as const;

  constructor(
    readonly path: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`Expected ${path} to hold a policy (see policies/default.yaml):${detail}`, options);
  }
}

/**
 * Reads a policy file in YAML; without a path the default policy.
 * @throws {InvalidPolicyError}
 */
export async function loadPolicy(path = join(packageRoot, 'policies', 'default.yaml')): Promise<LoadedPolicy> {
  const content = await readYaml(path);
  const parsed = Policy.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `\n  ${describeIssue(issue, content)}`);
    throw new InvalidPolicyError(path, problems.join(''), { cause: parsed.error });
  }
  return { policy: parsed.data, policyDigest: digestOf(parsed.data) };
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const isMissing = errorCode(cause) === 'ENOENT';
    throw new InvalidPolicyError(path, isMissing ? ' there is no such file.' : ` ${errorMessage(cause)}`, { cause });
  }
}
