import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadModel, ThreadReply, ThreadRequest } from './inference-messages.js';
import { ModelDamagedError, type ModelName } from './model-manifest.js';
import { loadNetwork } from './network.js';
import type { Picture } from './preparation/picture.js';
import { PREPARATIONS } from './preparation/prepare.js';

/*
 * Entry of one inference thread: prepares frames and runs networks, one after the other. `run` of onnxruntime-node occupies the thread that calls it,
 * which is why it is called here and not where the event loop has other work.
 */

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
  const { input, infer } = await loadNetwork(model);
  const prepare = PREPARATIONS[model.resample];
  return (picture) => {
    prepare(picture, input);
    return infer();
  };
}

async function answer(request: Exclude<ThreadRequest, { kind: 'end' }>): Promise<ThreadReply> {
  try {
    const classify = await network(request.model);
    return { kind: 'done', outputs: request.kind === 'load' ? new Float32Array() : await classify(request.picture) };
  } catch (error) {
    if (error instanceof ModelDamagedError) return { kind: 'damaged', model: error.model, received: error.received };
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
