import { z } from 'zod';
import { IMAGE_LABELS } from '../../domain/labels.js';
import { DetectorRule } from '../../schema/policy.js';
import { SCENES, SUGGESTIONS } from '../../schema/scene.js';
import { AllowedAddresses } from '../../schema/source-config.js';

/** What a network may be asked to look at, in pixels a side: frames of more are no classifier's input. */
const side = z.int().min(1).max(4096);
const Size = z.strictObject({ widthPx: side, heightPx: side });
const word = z.string().min(1).max(200);
const channels = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.number().positive();

const Input = z.strictObject({
  /** Name of the network's input. */
  name: word,
  ...Size.shape,
  layout: z.enum(['NCHW', 'NHWC']),
  /** Order of the channels, in which `mean` and `std` are too. */
  channels: z.enum(['RGB', 'BGR']).default('RGB'),
  /** Each value is (level × scale − mean) / std, where level is 0–255. */
  scale: positive.default(1 / 255),
  mean: channels.default([0, 0, 0]),
  std: z.tuple([positive, positive, positive]).default([1, 1, 1]),
});
/** How a picture becomes the values of an input. */
export type InputSpec = z.infer<typeof Input>;

const Resize = z.strictObject({
  /** As Pillow's: every source pixel counts when a picture shrinks. */
  filter: z.enum(['bilinear', 'bicubic', 'nearest']).default('bilinear'),
  /** `stretch`: to exactly `to`. `cover`: until it covers `to`. `contain`: until it fits into the input, in whose middle it lies. */
  fit: z.enum(['stretch', 'cover', 'contain']).default('stretch'),
  /** Of what comes out, the middle of the input's size is looked at; absent: the input's size. */
  to: Size.optional(),
  /** Level, 0–255, around a picture that is contained. */
  pad: z.number().min(0).max(255).default(0),
});
/** How a picture is brought to the input's size. */
export type ResizeSpec = z.infer<typeof Resize>;

/** A network in a file beside the manifest. */
const Onnx = z
  .strictObject({
    /** The file, relative to the manifest. */
    file: word,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
    input: Input,
    resize: Resize.prefault({}),
    output: z.strictObject({
      /** Name of the network's output. */
      name: word,
      activation: z.enum(['none', 'softmax', 'sigmoid']).default('none'),
      /** What each value of the output is called, in its order. */
      classes: z.array(word).min(1).max(10_000),
    }),
  })
  .refine(({ input, resize: { fit, to } }) => to === undefined || (fit !== 'contain' && covers(to, input)), {
    error: 'expected a size that the input lies in, and none with fit: contain',
    path: ['resize', 'to'],
  });
/** What threads load. */
export type OnnxSpec = z.infer<typeof Onnx>;

/** A service that is asked about pictures. */
const Http = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'expected an address such as https://models.example.org/classify' }),
  /** Sent as `Authorization: Bearer …`; kept elsewhere, never in this file. */
  token: z.union([z.strictObject({ env: word }), z.strictObject({ file: word })]).optional(),
  /** Addresses that are not public and may be dialled all the same. */
  allow: AllowedAddresses,
  /** Most pictures of one request. */
  batch: z.int().min(1).max(64).default(8),
  /** How long a picture waits for others to share a request, in milliseconds. */
  gatherMs: z.int().min(0).max(1000).default(20),
  /** Requests under way at once. */
  atOnce: z.int().min(1).max(64).default(2),
  /** From the first byte sent to the last one received, in milliseconds. */
  timeoutMs: z.int().min(50).max(120_000).default(10_000),
  /** Longest side of the pictures sent, in pixels. */
  maxPx: z.int().min(32).max(4096).default(640),
  circuit: z
    .strictObject({
      /** Failures in a row after which nothing is asked any more. */
      failures: z.int().min(1).max(1000).default(5),
      /** How long, in milliseconds; then one request shows whether it is over. */
      openMs: z.int().min(10).max(3_600_000).default(30_000),
    })
    .prefault({}),
});
/** How an endpoint is asked. */
export type HttpSpec = z.infer<typeof Http>;

const SceneRule = DetectorRule.safeExtend({ atMost: z.enum(SUGGESTIONS).exclude(['pass']) });

const Meaning = z.strictObject({ scene: z.enum(SCENES), label: word }).superRefine(({ scene, label }, context) => {
  if (Object.hasOwn(IMAGE_LABELS[scene], label)) return;
  const known = Object.keys(IMAGE_LABELS[scene]).join(', ');
  context.addIssue({ code: 'custom', path: ['label'], message: `expected one of those of ${scene}: ${known}` });
});
/** What a class of a model stands for. */
export type Meaning = z.infer<typeof Meaning>;

/** What an operator says of a model of one's own, in `NAME/manifest.yaml`. */
export const OwnModelManifest = z
  .strictObject({
    /** Of this format. */
    manifest: z.literal(1),
    /** Of the model: to be raised with every change, also of what an endpoint runs. */
    version: word,
    /** Under which it may be used. */
    licence: word,
    /** What it can and cannot see, in one sentence. */
    sees: z.string().min(1).max(500),
    /** Milliseconds that it takes for one picture: cheap detectors are asked first. */
    costMs: z.number().min(0).max(120_000).default(50),
    /** A detector of the same scene: this one is asked where that one suspects something, and on the policy's control share. Absent: always. */
    corroborates: word.optional(),
    /** For each scene that it serves the worst it may come to, and the thresholds that hold where a policy has none. */
    scenes: z.partialRecord(z.enum(SCENES), SceneRule),
    /** By the model's own name; other classes are not observed. */
    classes: z.record(word, Meaning),
    onnx: Onnx.optional(),
    http: Http.optional(),
  })
  .superRefine((manifest, context) => {
    const complain = (path: PropertyKey[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const { onnx, http, scenes, classes } = manifest;
    if ((onnx === undefined) === (http === undefined)) complain([], 'expected either onnx or http');
    const meanings = Object.entries(classes);
    if (meanings.length === 0) complain(['classes'], 'expected a class at least');
    for (const [name, { scene }] of meanings) {
      if (scenes[scene] === undefined) complain(['classes', name, 'scene'], 'expected one of those under scenes');
      if (onnx !== undefined && !onnx.output.classes.includes(name))
        complain(['classes', name], 'expected one of onnx.output.classes');
    }
    for (const scene of SCENES)
      if (scenes[scene] !== undefined && !meanings.some(([, meaning]) => meaning.scene === scene))
        complain(['scenes', scene], 'expected a class of this scene');
  });
export type OwnModelManifest = z.infer<typeof OwnModelManifest>;

function covers(outer: z.infer<typeof Size>, inner: z.infer<typeof Size>): boolean {
  return outer.widthPx >= inner.widthPx && outer.heightPx >= inner.heightPx;
}
