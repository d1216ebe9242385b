import type { Scene, Suggestion } from './scene.js';

/** What a bank holds: hashes of known files and pictures, terms and patterns of text, or pictures of emblems and logos. */
export const BANK_KINDS = ['hashes', 'terms', 'images'] as const;
export type BankKind = (typeof BANK_KINDS)[number];

/** One version of a bank, as a task names it when it starts: whatever is imported meanwhile, all of its samples are compared with the same content. */
export interface BankRef {
  name: string;
  kind: BankKind;
  /** What a match speaks for. */
  scene: Scene;
  /** The worst that a match may come to without a person. */
  atMost: Suggestion;
  /** 1, 2, 3 … */
  version: number;
  /** SHA-256 of the content, hexadecimal. */
  digest: string;
  entries: number;
}
