import { auditLines } from '../../src/domain/audit-export.js';

const row = {
  sequence: 7,
  at: '2026-01-31T12:00:00.000Z',
  kind: 'task-read',
  actor: 'ann',
  address: '192.0.2.1',
  project: 'demo',
  taskId: null,
  detail: { outcome: 'block', revision: 2 },
  eventId: 'e-7',
  previous: 'a'.repeat(64),
  digest: 'b'.repeat(64),
};

describe('an export of the audit record', () => {
  it('as JSON Lines has an object a row, and the head last', () => {
    const { first, row: write, last } = auditLines('jsonl');
    const lines = `${first}${write(row)}${last({ sequence: 7, digest: row.digest })}`.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      row,
      { head: { sequence: 7, digest: row.digest } },
    ]);
  });

  it('as CSV has a header, a line a row, and the head last', () => {
    const { first, row: write, last } = auditLines('csv');
    expect(`${first}${write(row)}${last({ sequence: 7, digest: row.digest })}`.split('\r\n')).toEqual([
      'sequence,at,kind,actor,address,project,taskId,detail,eventId,previous,digest',
      `7,2026-01-31T12:00:00.000Z,task-read,ann,192.0.2.1,demo,,"{""outcome"":""block"",""revision"":2}",e-7,${row.previous},${row.digest}`,
      `7,,head,,,,,,,,${row.digest}`,
      '',
    ]);
  });

  it('as CSV gives a spreadsheet nothing to calculate', () => {
    const line = auditLines('csv').row({ ...row, actor: '=1+1', taskId: '@SUM(A1)', project: 'a\nb' });
    expect(line).toContain(",'=1+1,");
    expect(line).toContain(",'@SUM(A1),");
    expect(line).toContain('"a\nb"');
  });
});
