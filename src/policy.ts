import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { digestOf } from './digest.js';
import { errorMessage } from './domain/error-code.js';
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
    super(`Expected ${path} to hold a policy (see policies/default.yaml): ${detail}`, options);
  }
}

/**
 * Reads a policy file in YAML; without a path the default policy.
 * @throws {InvalidPolicyError}
 */
export async function loadPolicy(path = join(packageRoot, 'policies', 'default.yaml')): Promise<LoadedPolicy> {
  const parsed = Policy.safeParse(await readYaml(path));
  if (!parsed.success) throw new InvalidPolicyError(path, z.prettifyError(parsed.error), { cause: parsed.error });
  return { policy: parsed.data, policyDigest: digestOf(parsed.data) };
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InvalidPolicyError(path, errorMessage(cause), { cause });
  }
}
