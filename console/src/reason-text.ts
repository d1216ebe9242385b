import type { SessionView } from '../../src/schema/console/session.js';
import { useBase } from './console.js';
import type { MessageKey } from './messages.js';

/** Those that every project has unless its policy lists others, see `DEFAULT_REASONS`; the page has texts for them. */
export const KNOWN_REASONS = [
  'harmless',
  'false-alarm',
  'allowed-context',
  'violates-policy',
  'illegal',
  'other',
] as const;

const KNOWN: ReadonlySet<string> = new Set(KNOWN_REASONS);

/** Reasons of a project; of one that the service's configuration does not name, such as that of commands, the built-in ones. */
export const reasonsOf = ({ projects }: Pick<SessionView, 'projects'>, project: string): readonly string[] =>
  projects.find(({ name }) => name === project)?.reasons ?? KNOWN_REASONS;

/** Text of a reason; of a project's own one, its name with spaces. */
export function useReasonText(): (code: string) => string {
  const { t } = useBase();
  return (code) => (KNOWN.has(code) ? t(`reason.${code}` as MessageKey) : code.replaceAll('-', ' '));
}
