import { processMark } from '../../process/leftovers.js';

/** What the name of a part says. Names alone carry the state: a rename changes owner and count at one stroke, and a crash leaves nothing half-said. */
export interface PartName {
  /** Mark of the process that fills it, a counter included; `free.`: nobody does. */
  owner: string;
  /** Of the content, or `once` for one that only its digest will name. */
  key: string;
  /** Bytes that it is to have in the end: they count as taken from the beginning. */
  sizeBytes: number;
  /** Milliseconds that went into it before `beganMs`. */
  spentMs: number;
  /** When its owner began, in milliseconds since the epoch. */
  beganMs: number;
}

/** Owner of a part that was let go of. What it holds is on disk. */
export const FREE = 'free.';

const PATTERN =
  /^(?<owner>free\.|[0-9a-f]{8}-\d+-[0-9a-f]{8}\.\d+\.)(?<key>[0-9a-f]{64}|once)\.(?<size>\d+)\.(?<spent>\d+)\.(?<began>\d+)$/;

let counter = 0;

/** An owner that nobody else is. */
export function newOwner(): string {
  counter += 1;
  return `${processMark()}${counter}.`;
}

/** Name of the file. */
export function formatPartName({ owner, key, sizeBytes, spentMs, beganMs }: PartName): string {
  return `${owner}${key}.${sizeBytes}.${Math.round(spentMs)}.${Math.round(beganMs)}`;
}

/** What a name says; `null` for one that is not of ours. */
export function parsePartName(name: string): PartName | null {
  const groups = PATTERN.exec(name)?.groups;
  if (groups === undefined) return null;
  const { owner = '', key = '', size, spent, began } = groups;
  return { owner, key, sizeBytes: Number(size), spentMs: Number(spent), beganMs: Number(began) };
}
