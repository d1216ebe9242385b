import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import { errorMessage } from '../../domain/error-code.js';
import { OwnModelManifest, type HttpSpec } from './manifest.js';

/** An operator's own model, checked and ready to be used. Holds a secret in clear: never logged. */
export interface OwnModel {
  /** Name of its directory, and of the detector. */
  name: string;
  manifest: OwnModelManifest;
  /** Absolute path of the ONNX file; `null`: it is an endpoint. */
  path: string | null;
  /** What the endpoint is asked with; `null`: nothing. */
  token: string | null;
}

/** Thrown when models of one's own cannot be used; names everything that is wrong with all of them. */
export class InvalidOwnModelsError extends Error {
  override name = 'InvalidOwnModelsError' as const;

  constructor(
    readonly dir: string,
    /** One sentence each: which model, where, what was expected. */
    readonly problems: readonly string[],
  ) {
    super(`The models in ${dir} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** As detectors are named in policies. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `NAME/manifest.yaml` of every directory in `dir`, sorted by name, with the digest of each ONNX file and the token of each endpoint.
 * `taken` are names of other detectors. Directories that begin with a dot do not count.
 * @throws {InvalidOwnModelsError}
 */
export async function readOwnModels(dir: string, env: Environment, taken: readonly string[]): Promise<OwnModel[]> {
  const problems: string[] = [];
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    throw new InvalidOwnModelsError(dir, [`expected a directory of models: ${errorMessage(error)}.`]);
  });
  const names = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  const models: OwnModel[] = [];
  for (const name of names.sort()) {
    const complain = (problem: string): void => void problems.push(`${name}: ${problem}`);
    if (!NAME.test(name)) complain('expected a name of 1-63 small letters, digits and -.');
    else if (taken.includes(name)) complain('expected a name that no detector of this program has.');
    else models.push(...(await readOne(name, join(dir, name), env, complain)));
  }
  if (problems.length > 0) throw new InvalidOwnModelsError(dir, problems);
  return models;
}

async function readOne(
  name: string,
  folder: string,
  env: Environment,
  complain: (problem: string) => void,
): Promise<OwnModel[]> {
  const raw = await readFile(join(folder, 'manifest.yaml'), 'utf8')
    .then((text): unknown => parse(text))
    .catch((error: unknown) => {
      complain(`expected manifest.yaml to be readable: ${errorMessage(error).split('\n', 1)[0]?.replace(/:$/, '')}.`);
      return null;
    });
  if (raw === null) return [];
  const parsed = OwnModelManifest.safeParse(raw);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) complain(`${path.join('.') || 'manifest.yaml'}: ${message}.`);
    return [];
  }
  const { data: manifest } = parsed;
  const { onnx, http } = manifest;
  const path = onnx === undefined ? null : resolve(folder, onnx.file);
  if (onnx !== undefined && path !== null) {
    const received = await digestOfFile(path).catch((error: unknown) => errorMessage(error));
    if (received !== onnx.sha256)
      complain(`onnx.sha256: expected ${path} to have the digest ${onnx.sha256}, received ${received}.`);
  }
  return [{ name, manifest, path, token: await tokenOf(http?.token, folder, env, complain) }];
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function tokenOf(
  token: HttpSpec['token'],
  folder: string,
  env: Environment,
  complain: (problem: string) => void,
): Promise<string | null> {
  if (token === undefined) return null;
  if ('env' in token) {
    const value = env[token.env];
    if (!value) complain(`http.token: expected the variable ${token.env} to be set, it is not.`);
    return value ?? null;
  }
  const path = resolve(folder, token.file);
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: unknown) => {
      complain(`http.token: expected ${path} to be readable: ${errorMessage(error)}.`);
      return null;
    },
  );
}
