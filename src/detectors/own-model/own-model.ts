import { createHash } from 'node:crypto';
import { frameToJpeg } from '../../media/image.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Frame } from '../../schema/frame.js';
import type { Box, Observation } from '../../schema/observation.js';
import { SCENES, type Scene } from '../../schema/scene.js';
import { allSettled } from '../all-settled.js';
import { corroborates } from '../corroboration.js';
import type { Detector, DetectorFamily, DetectorRun } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import type { SeenClass } from './endpoint-answer.js';
import { openEndpoint, type AddressCheck } from './endpoint.js';
import { OWN_PREPARATION_VERSION } from './prepare-input.js';
import type { OwnModel } from './read-own-models.js';

/** What models of one's own are reached with. */
export interface OwnModelTools {
  /** Decides what endpoints may be dialled: public addresses, and those that a manifest allows besides. */
  guard: (allow: readonly string[]) => AddressCheck;
}

/** How one model looks at one frame. */
type Look = (frame: Frame, signal: AbortSignal) => Promise<readonly SeenClass[]>;

/** The detector that an operator's model is. */
export function ownModelFamily(model: OwnModel, tools: OwnModelTools): DetectorFamily {
  const { name } = model;
  const served = scenesOf(model);
  return {
    name,
    scenes: served,
    infos: (scenes) =>
      Promise.resolve(served.filter((scene) => scenes.includes(scene)).map((scene) => infoOf(model, scene))),
    create: ({ pool }) => Promise.resolve(detectorOf(model, lookOf(model, pool, tools))),
  };
}

/** What verdicts record. The digest changes with everything that a score depends on here; what an endpoint runs is told apart by the manifest's version. */
function infoOf({ name, manifest }: OwnModel, scene: Scene): DetectorInfo {
  const { version, sees, scenes, classes, onnx, http, corroborates: screening = null } = manifest;
  const { atMost = 'review', ...rule } = scenes[scene] ?? { review: 1 };
  const asked = http === undefined ? null : { url: http.url, maxPx: http.maxPx };
  const facts = [version, classes, screening, onnx ?? null, asked, rule, OWN_PREPARATION_VERSION];
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  return { name, version, digest, scene, atMost, sees, rule };
}

function lookOf({ name, manifest, path, token }: OwnModel, pool: InferencePool, { guard }: OwnModelTools): Look {
  const { onnx, http, version } = manifest;
  if (onnx !== undefined && path !== null) {
    const analyser = { kind: 'own-model', id: name, settings: { name, path, spec: onnx } } as const;
    return async (frame, signal) => {
      const scores = await pool.look(analyser, frame, null, signal);
      return onnx.output.classes.map((each, index) => ({ name: each, score: scores[index] ?? 0 }));
    };
  }
  if (http === undefined) throw new TypeError(`Expected the model ${name} to be a file or an endpoint.`);
  const endpoint = openEndpoint({ name, version, spec: http, token, guard: guard(http.allow) });
  const analyser = { kind: 'shrink', id: `${http.maxPx}`, settings: http.maxPx } as const;
  return async (frame, signal) => {
    const { data, ...size } = await pool.look(analyser, frame, null, signal);
    const small = { ...size, format: 'rgb24', colour: frame.colour, data: new Uint8Array(data.buffer) } as const;
    return endpoint.ask((await frameToJpeg(small, http.maxPx)).bytes, signal);
  };
}

function detectorOf(model: OwnModel, look: Look): Detector {
  const { costMs, corroborates: screening } = model.manifest;
  const [first] = scenesOf(model);
  return {
    name: model.name,
    costMs,
    ...(screening !== undefined && first !== undefined && { runIf: corroboratesAny(model, screening) }),
    async detect(batch, run, signal) {
      const looking = batch.map(async (frame) => said(model, frame.sample, await look(frame, signal), run));
      return (await allSettled(looking)).flat();
    },
  };
}

/** Whether any of the scenes that it serves asks for it. */
function corroboratesAny(model: OwnModel, screening: string): NonNullable<Detector['runIf']> {
  const conditions = scenesOf(model).map((scene) => ({ scene, asks: corroborates(scene, screening) }));
  return (sample, observations, run) =>
    conditions.some(({ scene, asks }) => run.scenes.includes(scene) && asks(sample, observations, run));
}

/** Each thing with a box is an observation of its own; of those without, the highest score of each class. */
function said(
  { name, manifest }: OwnModel,
  sample: number,
  seen: readonly SeenClass[],
  run: DetectorRun,
): Observation[] {
  const several = scenesOf({ manifest }).length > 1;
  const observations = seen.flatMap(({ name: kind, score, box }): Observation[] => {
    const meaning = manifest.classes[kind];
    if (meaning === undefined || !run.scenes.includes(meaning.scene)) return [];
    const { scene, label } = meaning;
    const where = box === undefined ? {} : { box: boxOf(box) };
    return [{ detector: name, sample, class: label, score: rounded(score), ...(several && { scene }), ...where }];
  });
  const key = (each: Observation): string => `${each.scene ?? ''} ${each.class}`;
  return observations
    .filter(
      (each, index) =>
        each.box !== undefined ||
        !observations.some(
          (other, at) =>
            other.box === undefined &&
            key(other) === key(each) &&
            (other.score > each.score || (other.score === each.score && at < index)),
        ),
    )
    .sort((a, b) => b.score - a.score);
}

function boxOf({ x, y, width, height }: Box): Box {
  const [left, top] = [within(x), within(y)];
  return {
    x: left,
    y: top,
    width: rounded(Math.min(within(width), 1 - left)),
    height: rounded(Math.min(within(height), 1 - top)),
  };
}

function within(share: number): number {
  return rounded(Math.min(1, Math.max(0, share)));
}

/** Six decimals: enough to tell any two thresholds apart, few enough to be short in JSON. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}

function scenesOf({ manifest }: Pick<OwnModel, 'manifest'>): Scene[] {
  return SCENES.filter((scene) => manifest.scenes[scene] !== undefined);
}
