import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { errorMessage } from './domain/error-code.js';

/** What references lead to, and what came of following them. */
export interface Resolving {
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  at: readonly (string | number)[];
  /** What leads nowhere, a sentence each. */
  problems: string[];
  /** Where that is: what else is wrong there follows from it. */
  unresolved: (string | number)[][];
}

const EnvReference = z.strictObject({ env: z.string().min(1) });
const FileReference = z.strictObject({ file: z.string().min(1) });

/**
 * The same tree with every `{env: NAME}` and `{file: path}` replaced by what it refers to, so that secrets need not stand in the file.
 */
export async function resolveReferences(value: unknown, context: Resolving): Promise<unknown> {
  const { at, env, folder } = context;
  const fail = (problem: string): string => {
    context.problems.push(`${at.join('.')}: ${problem}`);
    context.unresolved.push([...at]);
    return '';
  };
  const named = EnvReference.safeParse(value);
  if (named.success) {
    const found = env[named.data.env];
    return found ? found : fail(`expected the variable ${named.data.env} to be set, it is not.`);
  }
  const kept = FileReference.safeParse(value);
  if (kept.success) {
    const path = resolve(folder, kept.data.file);
    try {
      return (await readFile(path, 'utf8')).trimEnd();
    } catch (error) {
      return fail(`expected ${path} to be readable: ${errorMessage(error)}.`);
    }
  }
  if (Array.isArray(value))
    return Promise.all(value.map((each, index) => resolveReferences(each, { ...context, at: [...at, index] })));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await resolveReferences(each, { ...context, at: [...at, key] })] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
