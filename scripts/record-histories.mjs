// Records the histories that test/replay holds every later version of the workflows to: run it once for a release, and commit what it writes.
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import proto from '@temporalio/common/lib/proto-utils.js';
import { readConfig } from '../dist/config.js';
import { createWorkerDeps, openStores } from '../dist/deps.js';
import { detectorInfos } from '../dist/detectors/registry.js';
import { becomeOwnerOrAttach } from '../dist/owner/owner.js';
import { packageRoot } from '../dist/paths.js';
import { loadPolicy } from '../dist/policy.js';
import { identifyFile } from '../dist/sources/file.js';
import { newTaskRequest } from '../dist/task-request.js';
import { connectClient } from '../dist/temporal/connection.js';
import { queuesOf } from '../dist/temporal/queues.js';
import { claimReview, escalateReview, openAppeal, submitReview } from '../dist/temporal/reviews.js';
import { pauseTask, resumeTask, startTask } from '../dist/temporal/tasks.js';
import { untilAnswered } from '../dist/temporal/until-answered.js';
import { startWorkers } from '../dist/worker.js';

const directory = await mkdtemp(join(tmpdir(), 'framewarden-histories-'));
const signal = new AbortController().signal;
const dataDir = join(directory, 'data');
const config = readConfig({ dataDir });
const owner = await becomeOwnerOrAttach({ ...config, temporal: null, say: console.error, signal });
const stores = await openStores(config);
// Refuses every message once: both an attempt and its repetition are in the history.
const refused = new Set();
const sender = {
  async send(_destination, id) {
    if (refused.has(id)) return { kind: 'delivered' };
    refused.add(id);
    return { kind: 'refused', error: 'the receiver answered 500', isFinal: false, retryAfterMs: null };
  },
  count: () => undefined,
  patience: () => ({ longestWaitMs: 100, retryForMs: 60_000 }),
};
const deps = await createWorkerDeps(config, stores, { sender });
const client = await connectClient(owner.target, signal);
const tasks = { client, installation: owner.installation, queues: queuesOf(owner.installation) };
const log = () => undefined;
const settings = {
  target: owner.target,
  queues: tasks.queues,
  deps,
  slots: 2,
  logLevel: 'silent',
  log,
  signal,
  meter: null,
};
const workers = await startWorkers(settings);
const loaded = await loadPolicy();

/** Starts a task on a sample and answers its id. */
async function start(path, review = loaded.policy.review, notify = null, change = {}, maxFrames = 200) {
  const options = { scenes: ['porn'], interval: 1, maxFrames, coverage: 'whole', sampling: 'fast' };
  const policy = { ...loaded.policy, review, ...change };
  const detectors = await detectorInfos(options.scenes);
  const source = await identifyFile(path);
  const mediaQueue = tasks.queues.media;
  const { policyDigest } = loaded;
  const request = newTaskRequest({ source, options, policy, policyDigest, detectors, mediaQueue, notify });
  await startTask(tasks, request);
  return request.taskId;
}

const sample = (name) => join(packageRoot, 'samples', name);
const handle = (taskId) => client.workflow.getHandle(taskId);
const ended = (taskId) =>
  handle(taskId)
    .result()
    .catch(() => undefined);

/** Waits until the machine is through with a task. */
async function waiting(taskId) {
  for (;;) {
    await sleep(200);
    const progress = await handle(taskId)
      .query('getProgress')
      .catch(() => null);
    if (progress?.phase === 'waiting for review' || progress?.phase === 'finished') return;
  }
}

/** What is sent about a review, until it is answered. */
const answered = (send) => untilAnswered(send, signal);

async function decide(taskId, suggestion, reviewer = 'ann', change = {}) {
  const decision = { decisionId: randomUUID(), suggestion, reviewer, reason: 'A parrot.', ...change };
  await answered(() => submitReview(tasks, taskId, decision));
}

async function take(taskId, reviewer, as = 'reviewer') {
  const claim = { claimId: randomUUID(), reviewer, as };
  await answered(() => claimReview(tasks, taskId, claim));
  return claim;
}

async function keep(name, taskId, runId) {
  const history = await client.workflow.getHandle(taskId, runId).fetchHistory();
  const kept = JSON.parse(proto.historyToJSON(history), anonymous);
  await writeFile(join(packageRoot, 'test', 'replay', 'histories', `${name}.json`), JSON.stringify(kept, null, 1));
  console.log(`${name}: ${history.events.length} events`);
}

/** Histories are published: what they say of the machine they were recorded on is taken out. Replay does not depend on it. */
function anonymous(key, value) {
  if (typeof value !== 'string') return value;
  if (key === 'identity') return 'recorder';
  if (key !== 'data') return value.replaceAll(packageRoot, '/videos').replaceAll(directory, '/videos');
  const text = Buffer.from(value, 'base64').toString();
  return Buffer.from(text.replaceAll(packageRoot, '/videos').replaceAll(directory, '/videos')).toString('base64');
}

const scenarios = {
  async pass() {
    const taskId = await start(sample('chair-orig-22-sd-bar.mp4'));
    await ended(taskId);
    await keep('pass', taskId);
  },
  async review() {
    const taskId = await start(sample('cockatoo.mp4'));
    await waiting(taskId);
    const { runId } = await handle(taskId).describe();
    const { claimId } = await take(taskId, 'ann');
    await decide(taskId, 'block', 'ann', { claimId });
    await ended(taskId);
    await keep('review', taskId, runId);
    const [task, revision] = await Promise.all([
      stores.records.findTask(taskId),
      stores.records.latestRevision(taskId),
    ]);
    const appeal = { appealId: randomUUID(), appellant: 'uploader', reason: 'It is a parrot.' };
    await answered(() => openAppeal(tasks, task, revision, appeal));
    await decide(taskId, 'pass', 'bob', { undoMs: 500 });
    await ended(taskId);
    await keep('appeal', taskId);
  },
  async readings() {
    // Two who differ, so that a lead decides; a lease that runs out; a reminder.
    const review = { ...loaded.policy.review, reading: 'adjudicated', lease: '1s', remind: '1s', qualityShare: 1 };
    const taskId = await start(sample('cockatoo.mp4'), review);
    await waiting(taskId);
    await take(taskId, 'ann');
    await sleep(2500);
    await decide(taskId, 'block', 'ann');
    await decide(taskId, 'pass', 'bob');
    await take(taskId, 'cleo', 'lead');
    await decide(taskId, 'pass', 'cleo');
    await ended(taskId);
    await keep('readings', taskId);
  },
  async escalation() {
    const taskId = await start(sample('cockatoo.mp4'));
    await waiting(taskId);
    const { claimId } = await take(taskId, 'ann');
    const escalation = { escalationId: randomUUID(), reviewer: 'ann', reason: 'Unsure.', claimId };
    await answered(() => escalateReview(tasks, taskId, escalation));
    await decide(taskId, 'block', 'cleo', { as: 'lead' });
    await ended(taskId);
    await keep('escalation', taskId);
  },
  async notified() {
    const destinations = [{ kind: 'topic', topic: 'results', instance: null, format: 'imm' }];
    const queue = tasks.queues.notifications;
    const notify = { destinations, requestId: 'R', region: 'local', accountId: '42', queue };
    const taskId = await start(sample('cockatoo.mp4'), undefined, notify);
    await waiting(taskId);
    const delivery = `notify/${taskId}/results`;
    await ended(delivery);
    await keep('delivery', delivery);
    await decide(taskId, 'block');
    await ended(taskId);
    await keep('notified', taskId);
  },
  async deadline() {
    const taskId = await start(sample('cockatoo.mp4'), { deadline: '1s', onDeadline: 'block' });
    await ended(taskId);
    await keep('deadline', taskId);
  },
  async cancel() {
    const taskId = await start(sample('cockatoo.mp4'));
    await waiting(taskId);
    await handle(taskId).cancel();
    await ended(taskId);
    await keep('cancel', taskId);
  },
  async failure() {
    const path = join(directory, 'no-video.mp4');
    await writeFile(path, 'not a video');
    const taskId = await start(path);
    await ended(taskId);
    await keep('failure', taskId);
  },
  async 'early-stop'() {
    const path = join(directory, 'long.mp4');
    const args = ['-stream_loop', '11', '-i', sample('cockatoo.mp4'), '-an', '-c', 'copy', path];
    await promisify(execFile)(config.ffmpegPath, args);
    const nsfwjs = { review: 0.5, block: 0.6, alone: true };
    const porn = { detectors: { nsfwjs }, window: { k: 1, n: 1 }, atMost: 'block' };
    const taskId = await start(path, undefined, null, { earlyStop: true, scenes: { porn } });
    await ended(taskId);
    await keep('early-stop', taskId);
  },
  async denser() {
    // A minute in twelve samples, of which half are kept for what looks suspicious.
    const path = join(directory, 'thinned.mp4');
    const args = ['-stream_loop', '3', '-i', sample('cockatoo.mp4'), '-an', '-c', 'copy', path];
    await promisify(execFile)(config.ffmpegPath, args);
    const taskId = await start(path, undefined, null, { denser: { reserve: 0.5 } }, 12);
    await waiting(taskId);
    await decide(taskId, 'pass');
    await ended(taskId);
    await keep('denser', taskId);
  },
  async paused() {
    const path = join(directory, 'paused.mp4');
    const args = ['-stream_loop', '11', '-i', sample('cockatoo.mp4'), '-an', '-c', 'copy', path];
    await promisify(execFile)(config.ffmpegPath, args);
    const taskId = await start(path);
    const phase = async () =>
      (
        await handle(taskId)
          .query('getProgress')
          .catch(() => null)
      )?.phase;
    while ((await phase()) !== 'classifying') await sleep(100);
    await pauseTask(tasks, taskId, { actor: 'lead', address: null });
    await sleep(1000);
    await resumeTask(tasks, taskId, { actor: 'lead', address: null });
    await waiting(taskId);
    await handle(taskId).terminate();
    await keep('paused', taskId);
  },
  async linear() {
    // Without its first packet nothing tells which x264 made the stream: no seek point is safe.
    const path = join(directory, 'headless.mp4');
    await promisify(execFile)(config.ffmpegPath, ['-ss', '4', '-i', sample('cockatoo.mp4'), '-an', '-c', 'copy', path]);
    const taskId = await start(path);
    await waiting(taskId);
    await handle(taskId)
      .terminate()
      .catch(() => undefined);
    await keep('linear', taskId);
  },
};

// All of them, or those named on the command line.
const wanted = process.argv.slice(2);
try {
  for (const [name, scenario] of Object.entries(scenarios))
    if (wanted.length === 0 || wanted.includes(name)) await scenario();
} finally {
  await workers.stop();
  await deps.close();
  await client.connection.close();
  await stores.records.close();
  await owner.release();
  await rm(directory, { recursive: true, force: true });
}
