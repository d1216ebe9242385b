import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Look } from './analysers.js';
import type { ThreadModel } from './inference-messages.js';
import { ModelDamagedError } from './model-manifest.js';
import { INPUT_DIMS, PREPARATIONS } from './preparation/prepare.js';

/** A network in a file. */
export interface NetworkFile {
  /** Of the model, for messages. */
  name: string;
  path: string;
  /** Of the file, hexadecimal. */
  sha256: string;
  /** Names of the network's input and output. */
  input: string;
  output: string;
  /** Shape of the input. */
  dims: readonly number[];
}

/** A network that is loaded, with memory for one input. Runs on the thread that calls it, which is busy meanwhile. */
export interface Network {
  /** To be filled before `infer`: as many values as the shape of the input has. */
  input: Float32Array;
  /** Outputs for what `input` holds. One call at a time. */
  infer: () => Promise<Float32Array>;
}

/** One core's worth of work per thread: more threads inside a session gain less than more sessions (measured 3–14 %). */
const SESSION_OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Frames come one at a time: memory freed between runs would only be asked for again.
  enableMemPattern: true,
} as const satisfies InferenceSession.SessionOptions;

/**
 * A network that classifies whole pictures.
 * @throws {ModelDamagedError} when the model's file is not the one that its manifest names.
 */
export async function loadClassifier(model: ThreadModel): Promise<Look<'classifier'>> {
  const { input, infer } = await loadNetwork({ ...model, dims: INPUT_DIMS });
  const prepare = PREPARATIONS[model.resample];
  return (picture) => {
    prepare(picture, input);
    return infer();
  };
}

/**
 * A network with one input and one output of floats.
 * @throws {ModelDamagedError} when the model's file is not the one that is named.
 */
export async function loadNetwork(model: NetworkFile): Promise<Network> {
  const bytes = await readFile(model.path).catch((error: unknown) => {
    throw new ModelDamagedError(model.name, model.path, model.sha256, `nothing (${String(error)})`);
  });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== model.sha256) throw new ModelDamagedError(model.name, model.path, model.sha256, actual);
  const session = await InferenceSession.create(bytes, SESSION_OPTIONS);
  const input = new Float32Array(model.dims.reduce((product, length) => product * length, 1));
  const tensor = new Tensor('float32', input, model.dims);
  return {
    input,
    async infer() {
      const { [model.output]: output } = await session.run({ [model.input]: tensor });
      if (output?.data instanceof Float32Array) return output.data;
      throw new TypeError(
        `Expected floats at output ${model.output} of ${model.name}, received ${output?.type ?? 'nothing'}.`,
      );
    },
  };
}
