import type { z } from 'zod';
import { valueAt } from './domain/value-at.js';

/** Keys whose values are never shown; addresses may hold what authorises their use. */
const SECRET = /url|secret|token|password|credential/i;

/** What is wrong at a place of a file, in a sentence for people: where, what was expected, what was found there. `root` is what the file holds. */
export function describeIssue({ path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>, root: unknown): string {
  const value = valueAt(root, path);
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  const shown = path.some((key) => SECRET.test(String(key))) ? '(hidden)' : text;
  const where = path.join('.') || '(top level)';
  if (message.includes(', got ')) return `${where}: ${message}.`;
  return `${where}: ${plain(message)}, got ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}.`;
}

/** Without what the library says of its own kinds of issues, and of what it received: that follows. */
function plain(message: string): string {
  return message
    .replace(/^(Invalid input|Too small|Too big|Invalid option|Invalid string): /, '')
    .replace(/, received [\w ]+$/, '');
}
