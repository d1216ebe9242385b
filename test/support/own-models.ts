import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { stringify } from 'yaml';
import type { Frame } from '../../src/schema/frame.js';

/** A picture of 4 × 4 pixels is all that the networks here look at. */
export const SIDE = 4;

/**
 * A network that answers the mean of each channel of its input, in their order: of a picture of one colour it is known what it says.
 * `gain`: what each mean is multiplied by.
 */
export function meansNetwork(layout: 'NCHW' | 'NHWC', gain = 1): Buffer {
  const { FLOAT } = onnx.TensorProto.DataType;
  const { INT, INTS } = onnx.AttributeProto.AttributeType;
  const value = (name: string, shape: number[]) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  const model = onnx.ModelProto.create({
    irVersion: 7,
    producerName: 'tests',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'means',
      node: [
        {
          opType: 'ReduceMean',
          input: ['pixels'],
          output: ['means'],
          attribute: [
            { name: 'axes', type: INTS, ints: layout === 'NCHW' ? [2, 3] : [1, 2] },
            { name: 'keepdims', type: INT, i: 0 },
          ],
        },
        { opType: 'Mul', input: ['means', 'gain'], output: ['scores'] },
      ],
      initializer: [{ name: 'gain', dataType: FLOAT, dims: [], rawData: Buffer.from(Float32Array.of(gain).buffer) }],
      input: [value('pixels', layout === 'NCHW' ? [1, 3, SIDE, SIDE] : [1, SIDE, SIDE, 3])],
      output: [value('scores', [1, 3])],
    },
  });
  return Buffer.from(onnx.ModelProto.encode(model).finish());
}

type Section = Record<string, unknown>;

/** What manifests of the tests have in common: any red is a weapon, any blue an explosion. */
const COMMON: Section = {
  manifest: 1,
  version: '1.0',
  licence: 'Apache-2.0',
  sees: 'Red and blue; nothing else.',
  scenes: { terrorism: { atMost: 'review', review: 0.5 } },
  classes: {
    red: { scene: 'terrorism', label: 'weapon' },
    blue: { scene: 'terrorism', label: 'explosion' },
  },
};

/** The part `onnx` of a manifest for a network in `model.onnx`. */
export function onnxSection(network: Buffer, layout: 'NCHW' | 'NHWC' = 'NCHW', input: Section = {}): Section {
  return {
    file: 'model.onnx',
    sha256: createHash('sha256').update(network).digest('hex'),
    input: { name: 'pixels', widthPx: SIDE, heightPx: SIDE, layout, ...input },
    output: { name: 'scores', classes: ['red', 'green', 'blue'] },
  };
}

/** Writes `dir/name/manifest.yaml`, with these parts instead of or besides the common ones, and the network beside it. */
export function writeOwnModel(dir: string, name: string, parts: Section, network?: Buffer): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'manifest.yaml'), stringify({ ...COMMON, ...parts }));
  if (network !== undefined) writeFileSync(join(dir, name, 'model.onnx'), network);
}

/** A picture whose pixels `colour` gives by their place. */
export function rgbFrame(
  [widthPx, heightPx]: [number, number],
  colour: (x: number, y: number) => [number, number, number],
  sample = 0,
): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(widthPx * heightPx * 3));
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data.set(colour(x, y), (y * widthPx + x) * 3);
  return {
    sample,
    widthPx,
    heightPx,
    format: 'rgb24',
    colour: { matrix: null, range: null },
    data,
    release: () => undefined,
  };
}
