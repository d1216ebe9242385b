import type { AuditCheck, AuditHead } from '../audit.js';
import { chunkAfter, faultOf } from './audit-rows.js';
import type { Db } from './tables.js';

/** Follows the chain from where it begins to its head. Rows that are appended or go with the retention meanwhile do no harm. */
export async function verifyAudit(db: Db, heads: readonly AuditHead[]): Promise<AuditCheck> {
  for (;;) {
    const ends = await endsOf(db);
    const check = await follow(db, ends, heads);
    if (check.outcome === 'whole') return check;
    // What was read first may have gone with the retention since.
    const now = await endsOf(db);
    if (now.anchor.sequence === ends.anchor.sequence) return check;
  }
}

interface Ends {
  head: AuditHead;
  /** The last row that is not there any more. */
  anchor: AuditHead;
}

async function endsOf(db: Db): Promise<Ends> {
  const row = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
  return {
    head: { sequence: row.sequence, digest: row.digest },
    anchor: { sequence: row.anchor_sequence, digest: row.anchor_digest },
  };
}

async function follow(db: Db, { head, anchor }: Ends, heads: readonly AuditHead[]): Promise<AuditCheck> {
  const broken = (sequence: number, why: string): AuditCheck => ({ outcome: 'broken', sequence, why });
  const denied = (at: AuditHead): AuditHead | undefined =>
    heads.find(({ sequence, digest }) => sequence === at.sequence && digest !== at.digest);
  const beyond = heads.find(({ sequence }) => sequence > head.sequence);
  if (beyond !== undefined)
    return broken(head.sequence, `the chain ends here, and an earlier head names row ${beyond.sequence}`);
  let last = anchor;
  if (denied(last) !== undefined) return broken(last.sequence, 'an earlier head names another digest');
  while (last.sequence < head.sequence) {
    const rows = await chunkAfter(db, last.sequence);
    if (rows.length === 0) return broken(last.sequence + 1, `it is missing: the head names row ${head.sequence}`);
    for (const row of rows) {
      const why = faultOf(row, last);
      if (why !== null) return broken(row.sequence, why);
      last = { sequence: row.sequence, digest: row.digest };
      if (denied(last) !== undefined) return broken(last.sequence, 'an earlier head names another digest');
      if (last.sequence === head.sequence) break;
    }
  }
  if (last.digest !== head.digest) return broken(head.sequence, 'the head names another digest');
  return { outcome: 'whole', rows: head.sequence - anchor.sequence, head, from: anchor.sequence + 1 };
}
