import { loadavg } from 'node:os';
import { probe } from '../../src/media/probe.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { SamplingMode } from '../../src/schema/options.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { compareRuns } from './equality.js';
import { idealDecode, plainDecode } from './ideal.js';
import { idealInference } from './inference.js';
import type { Asked } from './measured.js';
import { peerSpeed } from './peer.js';
import { runProduct, type ProductRun } from './product.js';
import type { Cost } from './programs.js';

/** One contender on one file. */
export interface Row extends Cost {
  label: string;
  /** Of the product's own runs. */
  run?: ProductRun;
}

/** Everything measured on one file. */
export interface FileReport {
  name: string;
  minutes: number;
  samples: number;
  /** L. */
  ideal: Cost;
  rows: Row[];
  notes: string[];
  load: string;
}

interface FileWanted {
  name: string;
  minutes: number;
  path: string;
  modes: readonly SamplingMode[];
  repeat: number;
  parts: readonly string[];
}

const MAX_SAMPLES = 3600;
/** nsfwjs is given at most so many samples: its speed does not change on the way. */
const PEER_SAMPLES = 60;

/** Runs all contenders on one file in turn. */
export async function measureFile(wanted: FileWanted): Promise<FileReport> {
  const { name, minutes, path, modes, repeat, parts } = wanted;
  const options = { interval: 1, maxFrames: MAX_SAMPLES, coverage: 'whole' as const };
  const video = await probe(path, options, { tools: TOOLS_ON_PATH, signal: new AbortController().signal });
  const ways: Asked['way'][] = parts.includes('direct')
    ? ['through Temporal', 'without Temporal']
    : ['through Temporal'];
  const decodes: Cost[] = [];
  const runs = new Map<string, ProductRun[]>();
  const loads: number[] = [];
  const inferences: Inference[] = [];
  const seen = (run: ProductRun | undefined, detector: string): number =>
    new Set(run?.observations.filter((each) => each.detector === detector).map(({ sample }) => sample)).size;
  // Everything once, then everything again: what disturbs the machine for a while disturbs all of them.
  for (let round = 0; round < repeat; round++) {
    decodes.push(await idealDecode(path, video));
    for (const sampling of modes)
      for (const way of ways) {
        const label = `${sampling}, ${way}`;
        runs.set(label, [...(runs.get(label) ?? []), await runProduct({ way, path, sampling })]);
        loads.push(loadavg()[0] ?? 0);
      }
    const last = runs.get(`${modes[0] ?? 'exact'}, through Temporal`)?.at(-1);
    inferences.push(await inferenceOf(seen(last, 'nsfwjs'), seen(last, 'open-nsfw')));
  }
  const best = new Map([...runs].map(([label, all]) => [label, fastest(all)]));
  const [any] = best.values();
  const exact = best.get('exact, through Temporal') ?? any;
  if (exact === undefined) throw new Error('Expected at least one mode.');
  const inference = fastest(inferences);
  const decode = fastest(decodes);
  const ideal = { wallS: decode.wallS + inference.wallS, cpuS: decode.cpuS + inference.cpuS };
  const plain = parts.includes('decode')
    ? [{ label: 'one plain ffmpeg, exact decode', ...(await plainDecode(path, video)) }]
    : [];
  const rows: Row[] = [
    { label: 'L: the ideal', ...ideal },
    { label: '   of this decode', ...decode },
    { label: '   of this inference', ...inference },
    ...[...best].map(([label, run]) => ({ label, wallS: run.wallS, cpuS: run.cpuS, run })),
    ...plain,
  ];
  const notes = [
    `second family on ${seen(exact, 'open-nsfw')} of ${exact.samples} samples`,
    ...durability(best, modes),
    ...compareRuns(best.get('exact, through Temporal'), best.get('fast, through Temporal')),
    ...(parts.includes('peer') ? await peerNotes(path, video, exact, inference.perSecond) : []),
  ];
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return { name, minutes, samples: exact.samples, ideal, rows, notes, load };
}

interface Inference extends Cost {
  /** Samples a second of the first family. */
  perSecond: number;
}

/** Both networks alone, one after the other, on so many frames. */
async function inferenceOf(first: number, second: number): Promise<Inference> {
  const a = await idealInference('nsfwjs-mobilenet-v2-mid', first);
  const b = await idealInference('open-nsfw', second);
  return { wallS: a.wallS + b.wallS, cpuS: a.cpuS + b.cpuS, perSecond: first / a.wallS };
}

function fastest<T extends Cost>(all: readonly T[]): T {
  const [first, ...rest] = all;
  if (first === undefined) throw new RangeError('Expected at least one run, got none.');
  return rest.reduce((best, each) => (each.wallS < best.wallS ? each : best), first);
}

function durability(best: ReadonlyMap<string, ProductRun>, modes: readonly SamplingMode[]): string[] {
  return modes.flatMap((mode) => {
    const [durable, direct] = [best.get(`${mode}, through Temporal`), best.get(`${mode}, without Temporal`)];
    if (durable === undefined || direct === undefined) return [];
    const share = durable.wallS / direct.wallS - 1;
    return [
      `durability in ${mode} mode: ${(share * 100).toFixed(1)} % of wall, ${((durable.cpuS / direct.cpuS - 1) * 100).toFixed(1)} % of CPU`,
    ];
  });
}

async function peerNotes(path: string, video: VideoInfo, ours: ProductRun, oursPerSecond: number): Promise<string[]> {
  const peer = await peerSpeed(path, video, Math.min(PEER_SAMPLES, ours.samples));
  const endToEnd = ours.samples / ours.wallS;
  const versus = (what: string, a: number, b: number): string =>
    `nsfwjs on WASM, ${what}: ${b.toFixed(1)} samples/s; ours ${a.toFixed(1)}: ${(a / b).toFixed(1)} ×`;
  return [
    versus('network alone', oursPerSecond, peer.network),
    versus('end to end (ours: exact)', endToEnd, peer.endToEnd),
  ];
}
