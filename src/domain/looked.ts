import type { Looked } from '../schema/observation.js';

/** One sample more that these detectors looked at. */
export function countLooks(looked: Readonly<Looked>, detectors: readonly string[]): Looked {
  const counted = { ...looked };
  for (const name of detectors) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}

/** The sum of all; undefined when any of them is not known, since a sum of the others would say less than there was. */
export function sumLooks(parts: readonly (Readonly<Looked> | undefined)[]): Looked | undefined {
  const sum: Looked = {};
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const [name, samples] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + samples;
  }
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => (a < b ? -1 : 1)));
}
