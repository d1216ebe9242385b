import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openEndpoint } from '../../../src/detectors/own-model/endpoint.js';
import { AddressGuard } from '../../../src/sources/address-guard.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { createDetectors, type DetectorSet } from '../../../src/detectors/registry.js';
import { readOwnDetectors } from '../../../src/own-models.js';
import type { Observation } from '../../../src/schema/observation.js';
import { build } from '../../support/build.js';
import { rgbFrame, writeOwnModel } from '../../support/own-models.js';
import { POLICY } from '../../support/verdicts.js';

beforeAll(build);

interface Asked {
  headers: IncomingHttpHeaders;
  body: { model: string; version: string; frames: { jpeg: string }[] };
}
type Answering = (asked: Asked, response: ServerResponse) => void;

let dir: string;
let server: Server;
let port: number;
let asked: Asked[];
let answering: Answering;
let set: DetectorSet | undefined;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'own-models-'));
  asked = [];
  answering = answer();
  server = await listen(0);
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  await set?.close();
  set = undefined;
  await stop();
  rmSync(dir, { recursive: true });
});

async function listen(at: number): Promise<Server> {
  const started = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as Asked['body'];
      asked.push({ headers: request.headers, body });
      answering({ headers: request.headers, body }, response);
    });
  });
  await new Promise<void>((resolve) => started.listen(at, '127.0.0.1', resolve));
  return started;
}

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Answers these classes for every frame. */
function answer(classes: unknown[] = [{ name: 'red', score: 0.9 }]): Answering {
  return ({ body }, response) => {
    response.end(JSON.stringify({ frames: body.frames.map(() => ({ classes })) }));
  };
}

const status =
  (code: number): Answering =>
  (_, response) => {
    response.writeHead(code).end('out of order');
  };

async function endpoint(http: Record<string, unknown> = {}, env: Record<string, string> = {}): Promise<Detector> {
  const url = `http://127.0.0.1:${port}/classify`;
  writeOwnModel(dir, 'colours', { http: { url, allow: ['127.0.0.1'], gatherMs: 0, ...http } });
  set = await createDetectors({ threads: 1, own: await readOwnDetectors(dir, env) });
  const detector = set.detectors.find(({ name }) => name === 'colours');
  if (detector === undefined) throw new Error('Expected the detector colours.');
  return detector;
}

const RUN: DetectorRun = {
  sourceDigest: 'd',
  policy: POLICY,
  policyDigest: 'p',
  scenes: ['terrorism'],
  banks: [],
};

function look(detector: Detector, samples = [0], signal = new AbortController().signal): Promise<Observation[]> {
  const frames = samples.map((sample) => rgbFrame([64, 48], () => [255, 0, 0], sample));
  return detector.detect(frames, RUN, signal);
}

test('pictures are sent as JPEG with the token, and what comes back is observed with its boxes', async () => {
  const box = { x: 0.25, y: 0.5, width: 0.75, height: 0.25 };
  answering = answer([
    { name: 'red', score: 0.9, box },
    { name: 'red', score: 0.7 },
    { name: 'red', score: 0.6 },
    { name: 'cat', score: 1 },
  ]);
  const detector = await endpoint({ token: { env: 'TOKEN' }, maxPx: 32 }, { TOKEN: 'open sesame' });
  const common = { detector: 'colours', sample: 0, class: 'weapon' };
  expect(await look(detector)).toEqual([
    { ...common, score: 0.9, box },
    { ...common, score: 0.7 },
  ]);
  const [{ headers, body } = { headers: {}, body: null }] = asked;
  expect(headers).toMatchObject({ authorization: 'Bearer open sesame', 'content-type': 'application/json' });
  expect(body).toMatchObject({ model: 'colours', version: '1.0' });
  const jpeg = Buffer.from(body?.frames[0]?.jpeg ?? '', 'base64');
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 32, height: 24 });
  const [red, green, blue] = (await sharp(jpeg).stats()).channels.map(({ mean }) => mean);
  expect([red ?? 0, green ?? 255, blue ?? 255].map((level) => level > 128)).toEqual([true, false, false]);
});

test('pictures that come together share requests, and each gets its own answer', async () => {
  answering = ({ body }, response) => {
    const frames = body.frames.map((_, index) => ({ classes: [{ name: 'red', score: (index + 1) / 10 }] }));
    response.end(JSON.stringify({ frames }));
  };
  const detector = await endpoint({ batch: 2, gatherMs: 1000, atOnce: 1 });
  const seen = await Promise.all([0, 1, 2, 3].map((sample) => look(detector, [sample])));
  expect(asked.map(({ body }) => body.frames.length)).toEqual([2, 2]);
  expect(seen.map(([first]) => first?.sample)).toEqual([0, 1, 2, 3]);
  expect(seen.map(([first]) => first?.score).sort()).toEqual([0.1, 0.1, 0.2, 0.2]);
});

test('no token is sent where there is none', async () => {
  await look(await endpoint());
  expect(asked[0]?.headers).not.toHaveProperty('authorization');
});

const FAULTS: [string, Answering, RegExp][] = [
  ['500', status(500), /received status 500: out of order/],
  ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /status 302/],
  ['what is no JSON', (_, response) => response.end('<html>'), /what is no JSON: <html>/],
  ['fewer frames than pictures', (_, response) => response.end('{"frames":[]}'), /0 frames for 1 pictures/],
  ['a score above 1', answer([{ name: 'red', score: 1.5 }]), /score/],
  ['a score that is a text', answer([{ name: 'red', score: '0.5' }]), /score/],
  [
    'a box that leaves the picture',
    answer([{ name: 'red', score: 0.5, box: { x: 0.9, y: 0, width: 0.2, height: 0.1 } }]),
    /a box in the picture/,
  ],
  [
    'half an answer',
    (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{"fra', () => response.destroy()),
    /a failed connection/,
  ],
  ['nothing', () => undefined, /nothing within 200 ms/],
  [
    'the beginning of an answer and then nothing',
    (_, response) => void response.writeHead(200).write('{"fra'),
    /nothing within 200 ms/,
  ],
  [
    'more than anybody can mean',
    (_, response) => response.end(Buffer.alloc(17 * 1024 * 1024, 0x20)),
    /more than \d+ bytes/,
  ],
];
test.each(FAULTS)('an endpoint that answers %s fails the frame, and says how', async (_, fault, expected) => {
  answering = fault;
  const isSilent = String(expected).includes('within');
  const failure = await look(await endpoint(isSilent ? { timeoutMs: 200 } : {})).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'EndpointError', model: 'colours' });
  expect(String(failure)).toMatch(expected);
});

test('an address that is not public is not dialled unless the manifest allows it', async () => {
  const failure = await look(await endpoint({ allow: [] })).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/127\.0\.0\.1.*http\.allow/);
  expect(asked).toEqual([]);
});

test('nor is one that a name leads to', async () => {
  const detector = await endpoint({ url: `http://localhost:${port}/`, allow: [] });
  await expect(look(detector)).rejects.toThrow(/http\.allow/);
  expect(asked).toEqual([]);
});

test('an endpoint that fails again and again is left alone, then tried once, and asked again once it answers', async () => {
  let nowMs = 0;
  const once = { batch: 1, gatherMs: 0, atOnce: 1, timeoutMs: 120_000, maxPx: 64 };
  const spec = {
    ...once,
    url: `http://127.0.0.1:${port}/`,
    allow: ['127.0.0.1'],
    circuit: { failures: 2, openMs: 500 },
  };
  const guard = new AddressGuard(spec.allow);
  const opened = openEndpoint({ name: 'colours', version: '1.0', spec, token: null, guard }, () => nowMs);
  const ask = () => opened.ask(Buffer.from('a picture'), new AbortController().signal);
  answering = status(503);
  for (let time = 0; time < 2; time++) await expect(ask()).rejects.toThrow(/status 503/);
  nowMs = 499;
  await expect(ask()).rejects.toMatchObject({
    name: 'CircuitOpenError',
    retryAfterMs: 1,
    lastFailure: expect.stringContaining('503') as string,
  });
  expect(asked).toHaveLength(2);

  nowMs = 500;
  await expect(ask()).rejects.toThrow(/status 503/);
  await expect(ask()).rejects.toMatchObject({ name: 'CircuitOpenError' });
  expect(asked).toHaveLength(3);

  answering = answer();
  nowMs = 1000;
  expect(await ask()).toHaveLength(1);
  expect(await ask()).toHaveLength(1);
  expect(asked).toHaveLength(5);
});

test('an endpoint that crashes in the middle fails the frames it was at, and serves the next ones once it is back', async () => {
  const detector = await endpoint({ batch: 1, atOnce: 4 });
  let waiting = 0;
  answering = (each, response) => {
    if (waiting++ === 0) answer()(each, response);
    else if (waiting === 3) void stop();
  };
  const settled = await Promise.allSettled([0, 1, 2].map((sample) => look(detector, [sample])));
  expect(settled.filter(({ status: how }) => how === 'rejected')).toHaveLength(2);
  expect(String((settled.find(({ status: how }) => how === 'rejected') as PromiseRejectedResult).reason)).toMatch(
    /a failed connection/,
  );
  await expect(look(detector)).rejects.toThrow(/ECONNREFUSED/);
  answering = answer();
  server = await listen(port);
  expect(await look(detector)).toHaveLength(1);
});

test('a task that is cancelled leaves at once, and does not count against the endpoint', async () => {
  const detector = await endpoint({ circuit: { failures: 1, openMs: 60_000 } });
  const leaving = new AbortController();
  answering = () => {
    leaving.abort(new Error('cancelled'));
  };
  await expect(look(detector, [0], leaving.signal)).rejects.toThrow('cancelled');
  answering = answer();
  expect(await look(detector)).toHaveLength(1);
});
