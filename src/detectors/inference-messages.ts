import type { Analyser, AnalyserKind, AnalyserTypes } from './analysers.js';
import type { Resample } from './detector.js';
import type { ModelManifest } from './model-manifest.js';
import type { Picture } from './preparation/picture.js';

/** A classifying network as a thread is told of it. */
export interface ThreadModel extends ModelManifest {
  /** How its input is prepared. */
  resample: Resample;
}

/** What a thread is asked; each request is answered once, in order. A picture's memory is shared, never copied. */
export type ThreadRequest =
  { kind: 'load'; analyser: Analyser<AnalyserKind> } | LookRequest<AnalyserKind> | { kind: 'end' };

export interface LookRequest<K extends AnalyserKind> {
  kind: 'look';
  analyser: Analyser<K>;
  picture: Picture;
  question: AnalyserTypes[K]['question'];
}

/** What a thread answers. Errors lose their class and name on the way, so that the one which callers tell apart travels as data, and the name of others beside them. */
export type ThreadReply =
  | { kind: 'done'; answer: unknown }
  | { kind: 'damaged'; model: string; path: string; expected: string; received: string }
  | { kind: 'failed'; name: string; error: Error };
