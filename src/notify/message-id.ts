import { createHash } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX_LENGTH = 3;
const SUFFIX_LENGTH = 27;

/**
 * The id of a message, of the shape that IMM's have: three hexadecimal digits, a hyphen and 27 letters and digits. The same for the same task, destination
 * and revision, so that whatever is repeated after a crash is the same message.
 */
export function messageId(taskId: string, destination: string, revision: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([taskId, destination, revision]))
    .digest('hex');
  let rest = BigInt(`0x${digest.slice(PREFIX_LENGTH)}`);
  let suffix = '';
  while (suffix.length < SUFFIX_LENGTH) {
    suffix += DIGITS.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return `${digest.slice(0, PREFIX_LENGTH).toUpperCase()}-${suffix}`;
}
