import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Models that come with this package, by folder. */
export const MODEL_NAMES = ['nsfwjs-mobilenet-v2-mid', 'open-nsfw'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

const Manifest = z.object({
  name: z.enum(MODEL_NAMES),
  version: z.string(),
  /** Name of the ONNX file beside the manifest. */
  file: z.string(),
  /** Of that file, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Names of the network's input and output. */
  input: z.string(),
  output: z.string(),
});

/** What is known of a model without opening it. */
export interface ModelManifest extends z.infer<typeof Manifest> {
  /** Absolute path of the ONNX file. */
  path: string;
}

/** The manifest of a model is missing or damaged, so nothing is known of it. */
export class ModelMissingError extends Error {
  override name = 'ModelMissingError' as const;
  constructor(
    readonly model: ModelName,
    readonly path: string,
    cause: unknown,
  ) {
    super(
      `Expected the manifest of model ${model} at ${path}, but it is missing or damaged. Mend it: git checkout -- models`,
      { cause },
    );
  }
}

/** The file of a model is not the one that its manifest, and with it every verdict, names. */
export class ModelDamagedError extends Error {
  override name = 'ModelDamagedError' as const;
  constructor(
    readonly model: string,
    readonly path: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(
      `Expected SHA-256 ${expected} of model ${model} at ${path}, received ${received}. Mend it: ${path.includes('node_modules') ? 'npm ci' : 'git checkout -- models'}`,
    );
  }
}

/** Where the models that come with this package lie; sources and built files are at the same depth. */
export function bundledModelsDir(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'models');
}

/** @throws {ModelMissingError} when it is not there or not as expected. */
export async function readModelManifest(model: ModelName, modelsDir = bundledModelsDir()): Promise<ModelManifest> {
  const path = join(modelsDir, model, 'manifest.json');
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
    return { ...manifest, path: join(modelsDir, model, manifest.file) };
  } catch (cause) {
    throw new ModelMissingError(model, path, cause);
  }
}
