import type { AuditView } from '../../../src/schema/console/audit.js';
import type { AuditCheck } from '../../../src/store/audit.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { openService, PROJECT, type TestService } from '../../support/service.js';

let service: TestService;
let [lea, max]: ConsoleMember[] = [];

beforeAll(async () => {
  service = await openService();
  lea = await consoleMember(service, 'lea', 'lead', [PROJECT]);
  max = await consoleMember(service, 'max', 'admin');
  const { audit } = service.installation.records;
  const common = { at: new Date().toISOString(), actor: 'ann', address: '192.0.2.7' } as const;
  for (const [n, project] of [PROJECT, 'other', PROJECT].entries())
    await audit.append([
      { ...common, eventId: `e-${n}`, kind: 'task-claimed', project, taskId: `t-${n}`, detail: { n } },
    ]);
});

afterAll(() => service.close());

describe('the audit record in the console', () => {
  it('shows leads what happened in their projects, newest first', async () => {
    const { rows, head } = await lea!.get<AuditView>('/audit?kind=task-claimed');
    expect(rows.map(({ taskId, address }) => [taskId, address])).toEqual([
      ['t-2', '192.0.2.7'],
      ['t-0', '192.0.2.7'],
    ]);
    expect(head.sequence).toBeGreaterThanOrEqual(3);
    const older = await lea!.get<AuditView>(`/audit?before=${rows[0]!.sequence}&actor=ann&limit=1`);
    expect(older.rows.map(({ taskId }) => taskId)).toEqual(['t-0']);
    expect((await lea!.ask('GET', '/audit?kind=nothing')).status).toBe(400);
  });

  it('tells whether it is whole', async () => {
    expect(await lea!.get<AuditCheck>('/audit/check')).toMatchObject({ outcome: 'whole' });
  });

  it('is exported with its head, and the export is part of it', async () => {
    const answer = await max!.ask('GET', '/audit/export?format=jsonl');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="framewarden-audit.jsonl"');
    const lines = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const last = lines.at(-2)!;
    expect(last).toMatchObject({ kind: 'exported', actor: 'max', detail: { format: 'jsonl' } });
    expect(lines.at(-1)).toEqual({ head: { sequence: last['sequence'], digest: last['digest'] } });
    expect(lines.slice(0, -1).map(({ sequence }) => sequence)).toEqual(lines.slice(0, -1).map((_, index) => index + 1));
    const csv = await (await max!.ask('GET', '/audit/export?format=csv')).text();
    expect(csv.split('\r\n')[0]).toMatch(/^sequence,at,kind,/);
    expect(csv).toContain(',task-claimed,ann,192.0.2.7,other,t-1,');
  });

  it('is exported by admins of every project only', async () => {
    expect((await lea!.ask('GET', '/audit/export?format=csv')).status).toBe(403);
    const local = await consoleMember(service, 'loc', 'admin', [PROJECT]);
    expect((await local.ask('GET', '/audit/export?format=csv')).status).toBe(403);
  });
});
