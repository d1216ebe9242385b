import type { AuditKind } from '../schema/audit-kinds.js';

/** One thing that happened. */
export interface AuditEvent {
  /** Chosen by who tells it, the same when it is told again: an id that is there already adds nothing. */
  eventId: string;
  kind: AuditKind;
  /** ISO 8601, UTC. */
  at: string;
  /** A member's name, `cli:` and the user of a command, `api:` and an access key's user, or `system`. */
  actor: string;
  /** Network address that it came from; `null`: none did. */
  address: string | null;
  project: string | null;
  taskId: string | null;
  /** Digests, numbers of revisions, outcomes and the like. */
  detail: Record<string, string | number | boolean | null>;
}

/** An event in its place. */
export interface AuditRow extends AuditEvent {
  /** 1, 2, 3 … without a gap. */
  sequence: number;
  /** Digest of the row before; of the first one ever, 64 zeros. */
  previous: string;
  /** SHA-256 of `previous` and everything above but `sequence` of the event, hexadecimal. */
  digest: string;
}

/** The end of the chain: whoever has written it down can tell later whether what came before is still the same. */
export interface AuditHead {
  sequence: number;
  digest: string;
}

/** Why a chain is broken, or that it is whole. */
export type AuditCheck =
  | {
      outcome: 'whole';
      rows: number;
      head: AuditHead;
      /** Rows before this one went with the retention. */ from: number;
    }
  | { outcome: 'broken'; sequence: number; why: string };

export interface AuditQuery {
  projects?: readonly string[] | null;
  kinds?: readonly AuditKind[];
  actor?: string;
  taskId?: string;
  from?: string;
  to?: string;
  /** Newest first: rows before this sequence. */
  before?: number;
  /** 1–1000 */
  limit: number;
}

/** An append-only record of events, each row bound to the one before it. One writer at a time: a transaction on the row of the head. */
export interface AuditLog {
  /** Appends what is not there yet, in this order, and answers the head as it is then; what others append at the same time may go into the same transaction. */
  append(events: readonly AuditEvent[]): Promise<AuditHead>;
  head(): Promise<AuditHead>;
  /** Newest first. */
  page(query: AuditQuery): Promise<AuditRow[]>;
  /** Oldest first, all of them, a bounded number at a time. */
  rows(): AsyncIterable<AuditRow>;
  /** Whether every row follows from the one before it, and whether earlier heads are still part of the chain. */
  verify(heads?: readonly AuditHead[]): Promise<AuditCheck>;
  /** Removes rows before this instant, remembering where the chain goes on. */
  purgeBefore(instant: string): Promise<void>;
}
