/** Kinds of events that the page has a text for; what is not among them is shown by its name. */
export const AUDIT_KINDS = [
  'signed-in',
  'sign-in-refused',
  'signed-out',
  'link-created',
  'member-created',
  'member-changed',
  'task-claimed',
  'task-released',
  'task-seen',
  'task-read',
  'decision-withdrawn',
  'task-escalated',
  'task-reminded',
  'verdict-recorded',
  'appeal-opened',
  'task-cancelled',
  'task-paused',
  'task-resumed',
  'task-prioritised',
  'policy-saved',
  'policy-applied',
  'budget-spent',
  'exported',
] as const;
export type KnownAuditKind = (typeof AUDIT_KINDS)[number];

const KNOWN: ReadonlySet<string> = new Set(AUDIT_KINDS);

export const isKnownAuditKind = (kind: string): kind is KnownAuditKind => KNOWN.has(kind);
