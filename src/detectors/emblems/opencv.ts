import { createRequire } from 'node:module';

/*
 * The little of OpenCV that is used here, as @techstark/opencv-js really has it: its own declarations lack AKAZE and the vectors. Everything lies in
 * the memory of WebAssembly, which no garbage collector sees: whatever is made is deleted.
 */

/** Something in WebAssembly's memory. */
interface Native {
  delete(): void;
}

interface Mat extends Native {
  rows: number;
  cols: number;
  /** A view of its memory, which the next allocation may move. */
  data: Uint8Array;
  data64F: Float64Array;
}

/** A point that is found again in other pictures of the same thing. */
interface KeyPoint {
  pt: { x: number; y: number };
}

interface KeyPoints extends Native {
  size(): number;
  get(index: number): KeyPoint;
}

export interface FeatureDetector extends Native {
  detectAndCompute(image: Mat, mask: Mat, points: KeyPoints, descriptors: Mat): void;
}

export interface OpenCv {
  Mat: { new (): Mat; new (rows: number, columns: number, type: number): Mat };
  KeyPointVector: new () => KeyPoints;
  ORB: new (
    features: number,
    scaleFactor: number,
    levels: number,
    edgeThreshold: number,
    firstLevel: number,
    wtaK: number,
    scoreType: number,
    patchSize: number,
    fastThreshold: number,
  ) => FeatureDetector;
  AKAZE: new () => FeatureDetector;
  matFromArray(rows: number, columns: number, type: number, values: readonly number[]): Mat;
  findHomography(from: Mat, to: Mat, method: number, threshold: number, mask: Mat): Mat;
  CV_8UC1: number;
  CV_32FC2: number;
  RANSAC: number;
}

interface LoadingOpenCv extends OpenCv {
  onRuntimeInitialized?: () => void;
}

let loading: Promise<{ cv: OpenCv }> | undefined;

/** OpenCV, compiled once for each thread: half a second. In an object, because it has a `then` of its own, which `await` would wait for in vain. */
export function loadOpenCv(): Promise<{ cv: OpenCv }> {
  return (loading ??= load());
}

async function load(): Promise<{ cv: OpenCv }> {
  // It ends the process over any rejection that nobody handles: that is for the host to decide.
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = new Map(events.map((event) => [event, new Set(process.listeners(event as 'uncaughtException'))]));
  const require = createRequire(import.meta.url);
  const cv = require('@techstark/opencv-js') as LoadingOpenCv;
  for (const event of events)
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (before.get(event)?.has(listener) !== true) process.removeListener(event, listener);
  await new Promise<void>((resolve) => {
    if ('Mat' in cv) resolve();
    else (cv as LoadingOpenCv).onRuntimeInitialized = resolve;
  });
  return { cv };
}
