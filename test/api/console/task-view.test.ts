import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsoleError } from '../../../src/schema/console/session.js';
import type { ScoresView, TasksView, TaskView } from '../../../src/schema/console/task.js';
import { cancelTask } from '../../../src/temporal/tasks.js';
import type { AuditRow } from '../../../src/store/audit.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { PARROT } from '../../support/clips.js';
import { until } from '../../support/installation.js';
import { moderated, started } from '../../support/moderated.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../../support/service.js';

let service: TestService;
let [ann, lea, eve]: ConsoleMember[] = [];
let taskId: string;
let uploads: string;

beforeAll(async () => {
  uploads = mkdtempSync(join(tmpdir(), 'framewarden-uploads-'));
  mkdirSync(join(uploads, 'a'));
  copyFileSync(PARROT, join(uploads, 'a', 'clip.mp4'));
  execFileSync('ffmpeg', ['-v', 'error', '-i', PARROT, '-c', 'copy', join(uploads, 'clip.avi')]);
  service = await openService({
    projects: [
      { name: PROJECT, account: ACCOUNT },
      { name: 'other', account: ACCOUNT },
    ],
    sources: { buckets: [{ match: 'uploads', directory: uploads }] },
  });
  await service.installation.startWorkers();
  ann = await consoleMember(service, 'ann', 'reviewer', [PROJECT]);
  lea = await consoleMember(service, 'lea', 'lead');
  eve = await consoleMember(service, 'eve', 'reviewer', ['other']);
  taskId = await moderated(service, 'oss://uploads/a/clip.mp4');
});

afterAll(async () => {
  await service.close();
  rmSync(uploads, { recursive: true, force: true });
});

const path = (rest = ''): string => `/tasks/${taskId}${rest}`;

describe('a task in the console', () => {
  it('shows what the machine said and why that did not settle the matter', async () => {
    const view = await ann!.get<TaskView>(path());
    expect(view).toMatchObject({ taskId, project: PROJECT, status: 'Succeeded', tags: { source: 'upload' } });
    expect(view.result.ModerationResult).toMatchObject({ Suggestion: 'review', Categories: ['porn'] });
    expect(view.durationS).toBeCloseTo(13.7, 0);
    const [first] = view.detectors;
    expect(first).toMatchObject({ name: 'nsfwjs', scene: 'porn', review: 0.5, block: 0.8 });
    expect(first!.highest).toBeGreaterThan(0.5);
    expect(first!.why).toMatchObject({ code: 'agreed', values: { k: 3, n: 5 } });
    expect(view.history.map(({ kind, origin }) => [kind, origin])).toContainEqual(['revision', 'machine']);
  });

  it('names what is to be looked at first, with the clip that shows it', async () => {
    const { disputed, clips, frames } = await ann!.get<TaskView>(path());
    const [first] = disputed;
    expect(first!.scene).toBe('porn');
    const clip = clips[first!.clip!]!;
    expect(clip.startS).toBeLessThanOrEqual(first!.startS + 0.001);
    expect(clip.endS).toBeGreaterThanOrEqual(first!.endS - 0.001);
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) expect(frame.found[0]!.score).toBeGreaterThan(0.3);
  });

  it('has curves of scores, with the highest where the frame of the highest rate is', async () => {
    const { curves } = await ann!.get<ScoresView>(path('/scores'));
    const curve = curves.find(({ detector, class: kind }) => detector === 'nsfwjs' && kind === 'porn')!;
    expect(curve).toMatchObject({ review: 0.5, block: 0.8 });
    expect(curve.points.map(([at]) => at)).toEqual([...curve.points.map(([at]) => at)].sort((a, b) => a - b));
    const view = await ann!.get<TaskView>(path());
    const highest = view.detectors.find(({ name }) => name === 'nsfwjs')!.highest;
    expect(Math.max(...curve.points.map(([, score]) => score))).toBeCloseTo(highest!, 6);
  });

  it('is not there for who has no rights on its project, nor is anything of it', async () => {
    for (const rest of ['', '/scores', '/evidence/0', '/source']) {
      const answer = await eve!.ask('GET', path(rest));
      expect([answer.status, ((await answer.json()) as ConsoleError).code]).toEqual([404, 'NotFound']);
    }
    expect((await eve!.get<TasksView>('/tasks')).rows).toEqual([]);
    expect((await eve!.ask('GET', `/tasks?project=${PROJECT}`)).status).toBe(404);
    const anonymous = await fetch(`http://${service.endpoint}/review/api${path('/evidence/0')}`);
    expect(anonymous.status).toBe(401);
  });

  it('is written down as seen once for each revision, with the digests of what judged it', async () => {
    const bo = await consoleMember(service, 'bo');
    await bo.get(path());
    await bo.get(path());
    const { audit } = service.installation.records;
    const rows: AuditRow[] = await audit.page({ taskId, actor: 'bo', kinds: ['task-seen'], limit: 10 });
    expect(rows).toHaveLength(1);
    expect(rows[0]!.address).toBe('127.0.0.1');
    expect(rows[0]!.detail).toMatchObject({ revision: 1 });
    expect(rows[0]!.detail['policyDigest']).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0]!.detail['detectors']).toMatch(/nsfwjs [0-9a-f]{64}/);
  });

  it('is found by the beginning of its id, with or without the type before it', async () => {
    const [, uuid] = taskId.split('VideoModeration-');
    for (const search of [taskId, taskId.slice(0, 20), uuid!.slice(0, 8)]) {
      const { rows } = await ann!.get<TasksView>(`/tasks?search=${search}`);
      expect(rows.map((row) => row.taskId)).toEqual([taskId]);
      expect(rows[0]).toMatchObject({ suggestion: 'review', revision: 1, origin: 'machine', categories: ['porn'] });
    }
    expect((await ann!.get<TasksView>('/tasks?search=zzz')).rows).toEqual([]);
    expect((await lea!.get<TasksView>('/tasks?status=Failed')).rows).toEqual([]);
  });
});

describe('evidence', () => {
  it('comes as it was recorded, and as nothing that could run', async () => {
    const { frames } = await ann!.get<TaskView>(path());
    const answer = await ann!.ask('GET', frames[0]!.path);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-cache',
    });
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; filename="VideoModeration-[\w-]+\.jpg"$/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
    const etag = answer.headers.get('etag')!;
    expect((await ann!.ask('GET', frames[0]!.path, undefined, { 'if-none-match': etag })).status).toBe(304);
  });

  it('answers ranges of a clip', async () => {
    const { clips } = await ann!.get<TaskView>(path());
    const whole = Buffer.from(await (await ann!.ask('GET', clips[0]!.path!)).arrayBuffer());
    const part = await ann!.ask('GET', clips[0]!.path!, undefined, { range: 'bytes=100-299' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-299/${whole.byteLength}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(100, 300))).toBe(true);
    const none = await ann!.ask('GET', clips[0]!.path!, undefined, { range: `bytes=${whole.byteLength}-` });
    expect([none.status, none.headers.get('content-range')]).toEqual([416, `bytes */${whole.byteLength}`]);
  });

  it('is nowhere else than where the record has it', async () => {
    for (const position of ['99', '-1', '0x1', 'a', '%2e%2e%2f0'])
      expect((await ann!.ask('GET', path(`/evidence/${position}`))).status).toBe(404);
  });
});

describe('the whole video', () => {
  it('plays from the source, in ranges', async () => {
    const { source } = await ann!.get<TaskView>(path());
    if (!source.isPlayable) throw new Error(source.why.code);
    expect(source.contentType).toBe('video/mp4');
    const whole = await ann!.ask('GET', source.path);
    expect(whole.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    const bytes = Buffer.from(await whole.arrayBuffer());
    const part = await ann!.ask('GET', source.path, undefined, { range: 'bytes=-1000' });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(-1000))).toBe(true);
    const other = await ann!.ask('GET', source.path, undefined, { range: 'bytes=0-9', 'if-range': '"another"' });
    expect(other.status).toBe(200);
    await other.arrayBuffer();
  });

  it('that no browser plays is not offered', async () => {
    const avi = await started(service, 'oss://uploads/clip.avi', { options: { maxFrames: 5 } });
    await until(service.installation, avi, 'verdict');
    // Its evidence is being kept, which nothing is asked of here.
    await cancelTask(service.installation.tasks, avi);
    const { source } = await ann!.get<TaskView>(`/tasks/${avi}`);
    expect(source).toEqual({
      isPlayable: false,
      why: { code: 'codec', values: { codec: 'h264', container: 'avi' } },
    });
    expect((await ann!.ask('GET', `/tasks/${avi}/source`)).status).toBe(404);
  });

  it('is not served once another content lies there, and it is said why', async () => {
    const later = new Date(Date.now() + 5000);
    utimesSync(join(uploads, 'a', 'clip.mp4'), later, later);
    const { source } = await ann!.get<TaskView>(path());
    expect(source).toMatchObject({ isPlayable: false });
    expect(source).toHaveProperty('why', {
      code: 'said',
      values: { text: expect.stringMatching(/size or version differs/) },
    });
    const answer = await ann!.ask('GET', path('/source'));
    expect([answer.status, ((await answer.json()) as ConsoleError).code]).toEqual([404, 'SourceUnavailable']);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });
});
