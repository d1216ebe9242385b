import { copyFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HashBankBuilder } from '../../src/banks/hash-bank-builder.js';
import { wordsOfHex } from '../../src/banks/hex.js';
import { digestFile } from '../../src/media/digest-file.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { BankSettings } from '../../src/store/banks.js';
import { build, ROOT } from '../support/build.js';
import { immClient, resultOf, type Call } from '../support/imm-client.js';
import { ACCOUNT, openService, type TestService } from '../support/service.js';

let folder: string;
let service: TestService;
let call: Call;
beforeAll(async () => {
  await build();
  folder = await mkdtemp(join(tmpdir(), 'framewarden-api-banks-'));
  copyFileSync(join(ROOT, 'samples', 'newtonscradle.gif'), join(folder, 'cradle.gif'));
  service = await openService({
    projects: ['mine', 'theirs'].map((name) => ({ name, account: ACCOUNT })),
    sources: { buckets: [{ match: 'files', directory: folder }] },
  });
  await service.installation.startWorkers();
  call = immClient(service);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Makes the file's SHA-256, or one of nothing, the content of a bank. */
async function fill(name: string, sha256: string, given: Partial<BankSettings> = {}): Promise<void> {
  const { banks } = service.installation;
  const at = new Date().toISOString();
  if ((await banks.find(name)) === null)
    await banks.create({ name, kind: 'hashes', scene: 'terrorism', atMost: 'block', project: null, ...given }, at);
  const builder = new HashBankBuilder();
  builder.addFile('the file', wordsOfHex(sha256, 8)!);
  await banks.addVersion(name, builder.build().bytes, { entries: 1, after: (await banks.find(name))!.version, at });
}

/** Moderates the file for a project, and answers the result and the request that it was. */
async function moderate(project: string): Promise<{ suggestion: unknown; request: TaskRequest }> {
  const asked = { ProjectName: project, SourceURI: 'oss://files/cradle.gif', Scenes: '["terrorism"]', MaxFrames: '1' };
  const { TaskId } = await call('CreateImageModerationTask', asked);
  const result = await resultOf(call, project, TaskId);
  const record = await service.installation.records.findTask(String(TaskId));
  const { Suggestion } = result['ModerationResult'] as { Suggestion: unknown };
  return { suggestion: Suggestion, request: record!.request };
}

test('a task is compared with the banks of its project and of all, as they are when it starts, without a restart', async () => {
  const { sha256 } = await digestFile(join(folder, 'cradle.gif'), new AbortController().signal);
  const before = await moderate('mine');
  expect(before.request.banks).toBeUndefined();

  // The service and its workers run all the while.
  await fill('of-mine', sha256, { project: 'mine' });
  const [mine, theirs] = [await moderate('mine'), await moderate('theirs')];
  expect([mine.suggestion, theirs.suggestion]).toEqual(['block', before.suggestion]);
  expect(mine.request.banks).toMatchObject([{ name: 'of-mine', version: 1, scene: 'terrorism' }]);
  expect(theirs.request.banks).toBeUndefined();
  expect(theirs.request.detectors.map(({ name }) => name)).not.toContain('known-media');
  expect(mine.request.requestDigest).not.toBe(before.request.requestDigest);
  expect(theirs.request.requestDigest).toBe(before.request.requestDigest);

  await fill('of-mine', '0'.repeat(64));
  await fill('of-all', sha256);
  const [again, others] = [await moderate('mine'), await moderate('theirs')];
  expect(again.request.banks).toMatchObject([{ name: 'of-all' }, { name: 'of-mine', version: 2 }]);
  expect(others.request.banks).toMatchObject([{ name: 'of-all' }]);
  expect([again.suggestion, others.suggestion]).toEqual(['block', 'block']);
  expect(new Set([before, mine, again, others].map(({ request }) => request.requestDigest)).size).toBe(4);

  await service.installation.banks.remove('of-all', new Date().toISOString());
  expect((await moderate('mine')).suggestion).not.toBe('block');
  expect((await moderate('theirs')).request.requestDigest).toBe(before.request.requestDigest);
});
