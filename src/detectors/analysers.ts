import type { Code } from './codes/code.js';
import type { Emptiness } from './defects/emptiness.js';
import type { Sighting } from './emblems/sighting.js';
import type { Templates } from './emblems/templates.js';
import type { ThreadModel } from './inference-messages.js';
import type { Pdq } from './known-media/pdq.js';
import type { OwnNetwork } from './own-model/own-network.js';
import type { SmallPicture } from './own-model/shrink.js';
import type { Picture } from './preparation/picture.js';
import type { TextLine } from './text/text-line.js';

/** What is asked of each kind of analyser, by its name. All of it must survive structured cloning. */
export interface AnalyserTypes {
  /** Runs a classifying network on the whole picture and answers its outputs. */
  classifier: { settings: ThreadModel; question: null; answer: Float32Array };
  /** Runs an operator's own network and answers a score, 0–1, for each of its classes. */
  'own-model': { settings: OwnNetwork; question: null; answer: Float32Array };
  /** Makes a small picture, of so many pixels a side at most, for an operator's endpoint. */
  shrink: { settings: number; question: null; answer: SmallPicture };
  /** Takes the fingerprints that a picture is told again by: that of the whole one, and then those without the bars around it. */
  pdq: { settings: null; question: null; answer: readonly Pdq[] };
  /** Reads QR codes and barcodes. */
  codes: { settings: null; question: null; answer: readonly Code[] };
  /** Reads writing, line by line from top to bottom. */
  text: { settings: null; question: null; answer: readonly TextLine[] };
  /** Finds edges on a coarse grid; see `decodeEdgeMap`. */
  edges: { settings: null; question: null; answer: string };
  /** Makes the thumbnail that still pictures are told by; `null` of pictures that are too small. */
  thumbnail: { settings: null; question: null; answer: string | null };
  /** Finds pictures of banks. */
  emblems: { settings: Templates; question: null; answer: readonly Sighting[] };
  /** Tells what a picture shows that has no content. */
  emptiness: { settings: null; question: null; answer: Emptiness | null };
}
export type AnalyserKind = keyof AnalyserTypes;

/** One analyser with its settings; `id` tells it apart from others of its kind, and a thread keeps it once loaded. */
export interface Analyser<K extends AnalyserKind> {
  kind: K;
  id: string;
  settings: AnalyserTypes[K]['settings'];
}

/** Looks at one picture. Its memory is borrowed until the promise settles. */
export type Look<K extends AnalyserKind> = (
  picture: Picture,
  question: AnalyserTypes[K]['question'],
) => Promise<AnalyserTypes[K]['answer']>;

/** How each kind is loaded, on a thread; what it needs is imported there and then, and nowhere else. */
export const LOADERS: { [K in AnalyserKind]: (settings: AnalyserTypes[K]['settings']) => Promise<Look<K>> } = {
  classifier: async (settings) => (await import('./network.js')).loadClassifier(settings),
  'own-model': async (settings) => (await import('./own-model/own-network.js')).loadOwnNetwork(settings),
  shrink: async (maxPx) => (await import('./own-model/shrink.js')).loadShrinker(maxPx),
  pdq: async () => (await import('./known-media/pdq.js')).loadPdq(),
  codes: async () => (await import('./codes/read-codes.js')).loadCodeReader(),
  text: async () => (await import('./text/ocr/read-text.js')).loadTextReader(),
  edges: async () => (await import('./overlay/edges.js')).loadEdges(),
  thumbnail: async () => (await import('./end-card/thumbnail.js')).loadThumbnail(),
  emblems: async (templates) => (await import('./emblems/find-emblems.js')).loadEmblems(templates),
  emptiness: async () => (await import('./defects/emptiness.js')).loadEmptiness(),
};
