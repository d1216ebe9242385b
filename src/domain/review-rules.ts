import type { Policy } from '../schema/policy.js';
import { DEFAULT_REASONS, READING_RULES, type ReadingRule } from '../schema/review-rules.js';
import type { Scene, Suggestion } from '../schema/scene.js';
import { durationMs } from './duration.js';

/** What holds for the review of one task; times in milliseconds. */
export interface ReviewRules {
  reading: ReadingRule;
  /** How long a person is waited for. */
  deadlineMs: number;
  onDeadline: Suggestion;
  /** `null`: never. */
  remindMs: number | null;
  escalateMs: number | null;
  leaseMs: number;
  qualityShare: number;
  reasons: readonly string[];
}

/** Long enough to watch what is disputed twice, short enough that a closed browser holds nobody up; whoever works on renews it. */
const DEFAULT_LEASE = '10m';
const DEFAULT_QUALITY_SHARE = 0.02;

/** The rules of a policy for a task with these categories, where the policy says nothing the built-in ones. */
export function reviewRules({ review, scenes }: Policy, categories: readonly Scene[]): ReviewRules {
  const general = review.reading ?? 'one';
  const asked = categories.map((scene) => scenes[scene]?.reading ?? general);
  return {
    reading: asked.length === 0 ? general : asked.reduce(strictest),
    deadlineMs: durationMs(review.deadline),
    onDeadline: review.onDeadline,
    remindMs: review.remind === undefined ? null : durationMs(review.remind),
    escalateMs: review.escalate === undefined ? null : durationMs(review.escalate),
    leaseMs: durationMs(review.lease ?? DEFAULT_LEASE),
    qualityShare: review.qualityShare ?? DEFAULT_QUALITY_SHARE,
    reasons: review.reasons ?? DEFAULT_REASONS,
  };
}

function strictest(a: ReadingRule, b: ReadingRule): ReadingRule {
  return READING_RULES.indexOf(a) < READING_RULES.indexOf(b) ? b : a;
}

/** Whether a decision is among the share that is read again: by its id, so that every repetition answers the same. @param share 0–1 */
export function isQualitySample(decisionId: string, share: number): boolean {
  return hash(decisionId) < share * 2 ** 32;
}

/** 32 bits that tell similar texts apart: FNV-1a, then the finish of MurmurHash3, because the last letters would hardly reach the high bits. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const letter of text) bits = Math.imul(bits ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
