import { z } from 'zod';

/** By how much a box may reach out of its picture by rounding alone. */
const ROUNDING = 1e-3;

const share = z
  .number()
  .min(-ROUNDING)
  .max(1 + ROUNDING);

const Seen = z.object({
  /** The model's own name of it. */
  name: z.string().max(200),
  score: z.number().min(0).max(1),
  /** Shares, 0–1, of the picture's width and height, from its upper left corner. */
  box: z
    .object({ x: share, y: share, width: share, height: share })
    .refine(
      ({ x, y, width, height }) => x + width <= 1 + ROUNDING && y + height <= 1 + ROUNDING,
      'expected a box in the picture',
    )
    .optional(),
});

/** What an endpoint answers: an entry for each picture, in their order. Keys that are not known here are passed over. */
export const EndpointAnswer = z.object({ frames: z.array(z.object({ classes: z.array(Seen).max(1000) })) });

/** What an endpoint saw in one picture. */
export type SeenClass = z.infer<typeof Seen>;
