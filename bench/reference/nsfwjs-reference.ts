/* eslint-disable no-console -- nsfwjs greets on the console when it loads, which is silenced here */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { load, type NSFWJS } from 'nsfwjs/core';
import { MobileNetV2MidModel } from 'nsfwjs/models/mobilenet_v2_mid';
import type { Frame } from '../../src/schema/frame.js';

/** Scores by class, lower case. */
export type Scores = Record<string, number>;

/** nsfwjs itself on its WASM backend, as its users run it in Node. */
export interface NsfwjsReference {
  /** Its own `classify` on a full-size rgb24 frame, preparation included. */
  classify(frame: Frame): Promise<Scores>;
  /** Its network alone, on an input of 224 × 224 × 3 values 0–1. */
  network(input: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/** Loads nsfwjs with MobileNetV2 mid; its backend is the process's only one, on one thread. */
export async function nsfwjsReference(): Promise<NsfwjsReference> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  tf.enableProdMode();
  const model = await quietly(() => load('MobileNetV2Mid', { size: 224, modelDefinitions: [MobileNetV2MidModel] }));
  return {
    async classify({ data, widthPx, heightPx }) {
      const pixels = tf.tensor3d(Int32Array.from(data), [heightPx, widthPx, 3], 'int32');
      const classes = await model.classify(pixels, 5);
      pixels.dispose();
      return Object.fromEntries(classes.map(({ className, probability }) => [className.toLowerCase(), probability]));
    },
    network: (input) => predict(model, input),
    dispose: () => {
      model.dispose();
    },
  };
}

async function predict(model: NSFWJS, values: Float32Array): Promise<Float32Array> {
  const input = tf.tensor4d(values, [1, 224, 224, 3]);
  const output = model.model.predict(input) as tf.Tensor;
  const scores = (await output.data()) as Float32Array;
  tf.dispose([input, output]);
  return scores;
}

/** nsfwjs greets on the console. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const info = console.info;
  console.info = () => undefined;
  try {
    return await work();
  } finally {
    console.info = info;
  }
}
