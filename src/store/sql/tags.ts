import { createHash } from 'node:crypto';

/**
 * Stands for a tag of a project in the index, 22 signs: names and values have any length and any signs, keys of an index have not.
 * 128 bits of a SHA-256: no two tags fall together by accident.
 */
export function tagDigest(project: string, name: string, value: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([project, name, value]))
    .digest();
  return digest.subarray(0, 16).toString('base64url');
}
