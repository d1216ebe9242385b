import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ThreadModel, ThreadReply, ThreadRequest } from './inference-messages.js';
import { ModelDamagedError, type ModelName } from './model-manifest.js';
import type { Picture } from './preparation/picture.js';
import { INPUT_LENGTH, PREPARATIONS } from './preparation/prepare.js';

/*
 * Entry of one inference thread: prepares frames and runs networks, one after the other. `run` of onnxruntime-node occupies the thread that calls it,
 * which is why it is called here and not where the event loop has other work.
 */

/** One core's worth of work per thread: more threads inside a session gain less than more sessions (measured 3–14 %). */
const SESSION_OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Frames come one at a time: memory freed between runs would only be asked for again.
  enableMemPattern: true,
} as const satisfies InferenceSession.SessionOptions;

const models = new Map((workerData as ThreadModel[]).map((model) => [model.name, model]));
const networks = new Map<ModelName, Promise<(picture: Picture) => Promise<Float32Array>>>();

/** The network of this name, loaded at its first use; a failure to load is tried again at the next. */
function network(name: ModelName): Promise<(picture: Picture) => Promise<Float32Array>> {
  const known = networks.get(name);
  if (known !== undefined) return known;
  const loading = load(name);
  networks.set(name, loading);
  loading.catch(() => networks.delete(name));
  return loading;
}

async function load(name: ModelName): Promise<(picture: Picture) => Promise<Float32Array>> {
  const model = models.get(name);
  if (model === undefined) throw new TypeError(`Expected a model that this thread was started with, received ${name}.`);
  const bytes = await readFile(model.path);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== model.sha256) throw new ModelDamagedError(name, model.path, model.sha256, actual);
  const session = await InferenceSession.create(bytes, SESSION_OPTIONS);
  const values = new Float32Array(INPUT_LENGTH);
  const input = new Tensor('float32', values, [1, 224, 224, 3]);
  const prepare = PREPARATIONS[model.resample];
  return async (picture) => {
    prepare(picture, values);
    const { [model.output]: output } = await session.run({ [model.input]: input });
    if (!(output?.data instanceof Float32Array))
      throw new TypeError(
        `Expected floats at output ${model.output} of ${name}, received ${output?.type ?? 'nothing'}.`,
      );
    return output.data;
  };
}

async function answer(request: Exclude<ThreadRequest, { kind: 'end' }>): Promise<ThreadReply> {
  try {
    const classify = await network(request.model);
    return { kind: 'done', outputs: request.kind === 'load' ? new Float32Array() : await classify(request.picture) };
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

const port = parentPort;
if (port === null) throw new Error('Expected to be started as a thread by inference-pool; it is not a program.');
port.on('message', (request: ThreadRequest) => {
  if (request.kind === 'end') port.close();
  else
    void answer(request).then((reply) => {
      port.postMessage(reply);
    });
});
