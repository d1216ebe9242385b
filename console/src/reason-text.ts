import { useBase } from './console.js';
import type { MessageKey } from './messages.js';

/** Those that every project has unless its policy lists others; the page has texts for them. */
const KNOWN: ReadonlySet<string> = new Set([
  'harmless',
  'false-alarm',
  'allowed-context',
  'violates-policy',
  'illegal',
  'other',
]);

/** Text of a reason; of a project's own one, its name with spaces. */
export function useReasonText(): (code: string) => string {
  const { t } = useBase();
  return (code) => (KNOWN.has(code) ? t(`reason.${code}` as MessageKey) : code.replaceAll('-', ' '));
}
