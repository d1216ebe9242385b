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

/** What a thread answers. Errors lose their class on the way, so that the one which callers tell apart travels as data. */
export type ThreadReply =
  | { kind: 'done'; outputs: Float32Array }
  | { kind: 'damaged'; model: ModelName; received: string }
  | { kind: 'failed'; error: Error };
