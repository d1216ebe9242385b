import type { Look } from '../analysers.js';
import { ModelDamagedError } from '../model-manifest.js';
import { loadNetwork } from '../network.js';
import type { OnnxSpec } from './manifest.js';
import { inputPreparation } from './prepare-input.js';

/** An operator's network as a thread is told of it. */
export interface OwnNetwork {
  /** Of the model, for messages. */
  name: string;
  /** Absolute path of the file. */
  path: string;
  spec: OnnxSpec;
}

/** How far a score may lie outside 0–1 by rounding alone. */
const ROUNDING = 1e-4;

/** Thrown when an operator's network does not give what its manifest says; errors keep no more than their name and message on the way from a thread. */
export class OwnNetworkError extends Error {
  override name = 'OwnNetworkError' as const;

  constructor(
    readonly model: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`Expected ${expected} of the model ${model}, received ${received}. Mend its manifest.yaml, and start again.`);
  }
}

/**
 * A network that gives one value for each of its classes.
 * @throws {OwnNetworkError} when the file is not the one that the manifest names, or no network that can be loaded.
 */
export async function loadOwnNetwork({ name, path, spec }: OwnNetwork): Promise<Look<'own-model'>> {
  const { input, output, sha256 } = spec;
  const { widthPx, heightPx, layout } = input;
  const dims = layout === 'NCHW' ? [1, 3, heightPx, widthPx] : [1, heightPx, widthPx, 3];
  const network = await loadNetwork({ name, path, sha256, input: input.name, output: output.name, dims }).catch(
    (error: unknown) => {
      if (error instanceof ModelDamagedError)
        throw new OwnNetworkError(name, `a file of the digest ${error.expected}`, error.received);
      throw new OwnNetworkError(name, 'a network that ONNX Runtime loads', String(error));
    },
  );
  const prepare = inputPreparation(spec);
  return async (picture) => {
    prepare(picture, network.input);
    const values = await network.infer().catch((error: unknown) => {
      throw new OwnNetworkError(
        name,
        `an answer at the output ${output.name} to the input ${input.name}`,
        String(error),
      );
    });
    if (values.length !== output.classes.length)
      throw new OwnNetworkError(name, `${output.classes.length} values at ${output.name}`, `${values.length}`);
    return scores(name, values, output.activation);
  };
}

function scores(name: string, values: Float32Array, activation: OnnxSpec['output']['activation']): Float32Array {
  const activated = ACTIVATIONS[activation](values);
  const odd = activated.find((value) => !(value >= -ROUNDING && value <= 1 + ROUNDING));
  if (odd !== undefined)
    throw new OwnNetworkError(name, `values from 0 to 1 with activation ${activation}`, String(odd));
  return activated.map((value) => Math.min(1, Math.max(0, value)));
}

const ACTIVATIONS: Record<OnnxSpec['output']['activation'], (values: Float32Array) => Float32Array> = {
  none: (values) => values,
  sigmoid: (values) => values.map((value) => 1 / (1 + Math.exp(-value))),
  softmax(values) {
    const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const powers = Float64Array.from(values, (value) => Math.exp(value - highest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return Float32Array.from(powers, (power) => power / sum);
  },
};
