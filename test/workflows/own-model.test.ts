import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDetectors, detectorInfos, type DetectorSet } from '../../src/detectors/registry.js';
import { digestOf } from '../../src/digest.js';
import { readOwnDetectors } from '../../src/own-models.js';
import type { DetectorFamily } from '../../src/detectors/detector.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { redecide } from '../../src/store/redecide.js';
import { readObservations } from '../../src/store/observations.js';
import { cancelTask, startTask } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, requestFor, until, type TestInstallation } from '../support/installation.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../support/own-models.js';
import { POLICY } from '../support/verdicts.js';

let installation: TestInstallation;
let dir: string;
let server: Server;
let answering: (frames: number, response: ServerResponse) => void;
let set: DetectorSet;
let own: DetectorFamily[];

beforeAll(async () => {
  await build();
  dir = mkdtempSync(join(tmpdir(), 'own-models-'));
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { frames } = JSON.parse(Buffer.concat(parts).toString()) as { frames: unknown[] };
      answering(frames.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const network = meansNetwork('NCHW');
  writeOwnModel(dir, 'redness', { onnx: onnxSection(network) }, network);
  const circuit = { failures: 2, openMs: 50 };
  writeOwnModel(dir, 'far-away', {
    http: { url: `http://127.0.0.1:${port}`, allow: ['127.0.0.1'], gatherMs: 5, circuit },
    scenes: { logo: { atMost: 'review', review: 0.5 } },
    classes: { bug: { scene: 'logo', label: 'TV' } },
  });
  writeOwnModel(dir, 'damaged', { onnx: onnxSection(network) }, network);
  own = await readOwnDetectors(dir, {});
  // After a look at its manifest, as when somebody replaces it while workers run.
  writeFileSync(join(dir, 'damaged', 'model.onnx'), 'no network');
  set = await createDetectors({ threads: 1, own });
  installation = await openInstallation((deps) => ({ ...deps, detectors: set.detectors }));
  await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
  await set.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

/** A task for these own models only. */
async function request(name: string): Promise<TaskRequest> {
  const asked = await requestFor(installation, PARROT, {
    options: { scenes: ['terrorism', 'logo'], sampling: 'keyframe' },
  });
  const infos = await detectorInfos(['terrorism', 'logo'], [], undefined, own);
  return { ...asked, detectors: infos.filter((info) => info.name === name) };
}

async function moderated(asked: TaskRequest) {
  await startTask(installation.tasks, asked);
  const body = await until(installation, asked.taskId, 'verdict');
  const revision = await installation.records.latestRevision(asked.taskId);
  await cancelTask(installation.tasks, asked.taskId).catch(() => undefined);
  return { details: body.ModerationResult!.Details, verdict: revision!.verdict };
}

test("a network of the operator's own decides by the thresholds of its manifest, and again by any policy", async () => {
  const asked = await request('redness');
  const { details, verdict } = await moderated(asked);
  // Its policy has no word about terrorism: what a redness of 0.5 means is said by the manifest.
  expect(details.Scenes).toEqual({ Inspected: ['terrorism'], NotInspected: ['logo'] });
  expect(details.Detectors).toMatchObject([{ Name: 'redness', Version: '1.0', AtMost: 'review' }]);
  const chunks = await installation.records.observationChunks(asked.taskId);
  const scores = (await readObservations(installation.blobs, chunks))
    .filter((seen) => seen.class === 'weapon')
    .map(({ score }) => score);
  expect(scores.length).toBe(details.Coverage.Inspected);
  expect(verdict.suggestion).toBe(Math.max(...scores) >= 0.5 ? 'review' : 'pass');

  const stores = { records: installation.records, blobs: installation.blobs };
  expect(await redecide(stores, asked.taskId, asked)).toEqual(verdict);
  const lowest = Math.max(0.11, Math.min(...scores));
  const scene = { detectors: { redness: { review: lowest } }, window: { k: 1, n: 1 }, atMost: 'block' as const };
  const policy = { ...POLICY, scenes: { terrorism: scene } };
  const again = await redecide(stores, asked.taskId, { policy, policyDigest: digestOf(policy) });
  expect(again).toMatchObject({ suggestion: 'review', categories: ['terrorism'] });
});

test('an endpoint that is out of order for a while delays a task and loses nothing of it', async () => {
  let refusals = 0;
  answering = (frames, response) => {
    if (refusals++ < 4) response.writeHead(500).end();
    else {
      const classes = [{ name: 'bug', score: 0.8, box: { x: 0.8, y: 0.1, width: 0.1, height: 0.1 } }];
      response.end(JSON.stringify({ frames: Array.from({ length: frames }, () => ({ classes })) }));
    }
  };
  const { details, verdict } = await moderated(await request('far-away'));
  expect(refusals).toBeGreaterThan(4);
  expect(verdict).toMatchObject({ suggestion: 'review', categories: ['logo'] });
  const { Inspected, Planned } = details.Coverage;
  expect(Inspected).toBe(Planned);
  expect(details.Findings).toMatchObject([
    { Scene: 'logo', Class: 'TV', Samples: Planned, Box: { X: 0.8, Y: 0.1, Width: 0.1, Height: 0.1 } },
  ]);
});

test('a network that is not what its manifest says ends the task after a few attempts, and is named', async () => {
  const asked = await request('damaged');
  await startTask(installation.tasks, asked);
  const { Code, Message } = await until(installation, asked.taskId, 'verdict');
  expect({ Code, Message }).toEqual({
    Code: 'InternalError',
    Message: expect.stringMatching(
      /^The video could not be moderated: Expected a file of the digest .* of the model damaged/,
    ),
  });
});
