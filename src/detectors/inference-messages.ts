import type { Resample } from './detector.js';
import type { ModelManifest, ModelName } from './model-manifest.js';
import type { Picture } from './preparation/picture.js';

/** A network as a thread is told of it when it starts. */
export interface ThreadModel extends ModelManifest {
  /** How its input is prepared. */
  resample: Resample;
}

/** What a thread is asked; each request is answered once, in order. A picture's memory is shared, never copied. */
export type ThreadRequest =
  { kind: 'load'; model: ModelName } | { kind: 'classify'; model: ModelName; picture: Picture } | { kind: 'end' };

/** What a thread answers. */
export type ThreadReply = { kind: 'done'; outputs: Float32Array } | { kind: 'failed'; error: Error };
