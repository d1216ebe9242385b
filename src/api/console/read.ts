import type { z } from 'zod';
import { ConsoleProblem } from './problem.js';

/**
 * What was sent, as its schema says.
 * @throws {ConsoleProblem} InvalidRequest, naming the first thing that is wrong
 */
export function read<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new ConsoleProblem(
    'InvalidRequest',
    `${place === '' ? 'The request' : place}: ${issue?.message ?? 'unusable'}.`,
  );
}
