import type { Frame } from '../schema/frame.js';
import type { ModelManifest, ModelName } from './model-manifest.js';

/** Threads that run networks on frames. */
export class InferencePool {
  constructor(
    readonly models: readonly ModelManifest[],
    readonly threads = 0,
  ) {}

  /** Starts all threads and loads these models on each. */
  warm(models: readonly ModelName[]): Promise<void> {
    return Promise.reject(new Error(`not built yet: ${models.join()}`));
  }

  /** Outputs of the network for the frame. The frame is not read any more once the promise has settled. */
  classify(model: ModelName, frame: Frame, signal: AbortSignal): Promise<Float32Array> {
    return Promise.reject(new Error(`not built yet: ${model} ${frame.sample} ${signal.aborted}`));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
