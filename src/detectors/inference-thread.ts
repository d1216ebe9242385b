import { parentPort } from 'node:worker_threads';
import { LOADERS, type Analyser, type AnalyserKind } from './analysers.js';
import type { ThreadReply, ThreadRequest } from './inference-messages.js';
import { ModelDamagedError } from './model-manifest.js';
import type { Picture } from './preparation/picture.js';

/*
 * Entry of one thread: looks at pictures, one after the other. `run` of onnxruntime-node occupies the thread that calls it, as do preparing, hashing
 * and reading, which is why it is done here and not where the event loop has other work.
 */

/** A look of any kind: settings, question and kind belong together in what is sent here, which the types do not show any more. */
type AnyLook = (picture: Picture, question: unknown) => Promise<unknown>;

const loaded = new Map<string, Promise<AnyLook>>();

/** The analyser, loaded at its first use; a failure to load is tried again at the next. */
function looker(analyser: Analyser<AnalyserKind>): Promise<AnyLook> {
  const key = `${analyser.kind} ${analyser.id}`;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const load = LOADERS[analyser.kind] as (settings: unknown) => Promise<AnyLook>;
  const loading = load(analyser.settings);
  loaded.set(key, loading);
  loading.catch(() => loaded.delete(key));
  return loading;
}

async function answer(request: Exclude<ThreadRequest, { kind: 'end' }>): Promise<ThreadReply> {
  try {
    const look = await looker(request.analyser);
    return { kind: 'done', answer: request.kind === 'load' ? null : await look(request.picture, request.question) };
  } catch (error) {
    if (error instanceof ModelDamagedError) {
      const { model, path, expected, received } = error;
      return { kind: 'damaged', model, path, expected, received };
    }
    const failed = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', name: failed.name, error: failed };
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
