import { z } from 'zod';

/** A person's decision; the payload of the `review` signal and the `submitReview` update. */
export const ReviewDecision = z.strictObject({
  /** Chosen by the sender; the same id is applied once. */
  decisionId: z.string().min(1).max(128),
  suggestion: z.enum(['pass', 'block']),
  reviewer: z.string().min(1).max(128),
  reason: z.string().max(2000).nullable(),
});
export type ReviewDecision = z.infer<typeof ReviewDecision>;
