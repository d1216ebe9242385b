import type { BankKind } from '../schema/bank.js';
import type { Scene, Suggestion } from '../schema/scene.js';

/** Scenes that something looks for with a bank of each kind, and the worst that a match may come to where the operator does not say. */
export const KINDS: Readonly<Record<BankKind, { scenes: readonly Scene[]; atMost: Suggestion }>> = {
  hashes: { scenes: ['porn', 'terrorism', 'ad', 'logo'], atMost: 'block' },
  terms: { scenes: ['porn', 'terrorism', 'ad'], atMost: 'review' },
  images: { scenes: ['terrorism', 'logo'], atMost: 'review' },
};
