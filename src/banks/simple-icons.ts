import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readMark } from '../media/image.js';
import type { BankImage } from './image-bank.js';

/** Collections of pictures that a bank may be begun with. */
export const STARTERS = ['simple-icons'] as const;
export type Starter = (typeof STARTERS)[number];

/** Thrown when the package with the pictures is not there: it is optional. */
export class StarterMissingError extends Error {
  override name = 'StarterMissingError' as const;
  constructor(
    readonly starter: Starter,
    cause: unknown,
  ) {
    super(`Expected the package ${starter}, but it is not installed: npm install ${starter}`, { cause });
  }
}

/** Thrown when a collection has no pictures of these names. */
export class UnknownMarkError extends Error {
  override name = 'UnknownMarkError' as const;
  constructor(
    readonly slugs: readonly string[],
    /** Names that begin alike. */
    readonly similar: readonly string[],
  ) {
    const hint = similar.length > 0 ? `; is it ${similar.join(', ')}?` : ': simpleicons.org lists them.';
    super(`simple-icons has no mark called ${slugs.join(', ')}${hint}`);
  }
}

/** Names proposed instead of one that is not there. */
const MOST_SIMILAR = 5;

/**
 * Marks of simple-icons as a bank of images holds them: black on nothing, so that they are found in any one colour on any ground that differs in
 * brightness. The drawings are in the public domain (CC0); the marks stay trademarks of whom they belong to.
 * @param slugs names of its files; none: all of them, more than three thousand, which takes a minute.
 * @throws {StarterMissingError}
 * @throws {UnknownMarkError}
 */
export async function starterImages(slugs: readonly string[] = []): Promise<BankImage[]> {
  const folder = starterFolder();
  const known = (await readdir(folder)).filter((file) => file.endsWith('.svg')).map((file) => file.slice(0, -4));
  const all = new Set(known);
  const unknown = slugs.filter((slug) => !all.has(slug));
  if (unknown.length > 0) throw new UnknownMarkError(unknown, similarTo(unknown, known));
  const images: BankImage[] = [];
  for (const name of slugs.length === 0 ? known.sort() : slugs)
    images.push({ name, png: await readMark(join(folder, `${name}.svg`)) });
  return images;
}

/** The folder of its drawings. @throws {StarterMissingError} */
function starterFolder(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve('simple-icons')), 'icons');
  } catch (error) {
    throw new StarterMissingError('simple-icons', error);
  }
}

function similarTo(unknown: readonly string[], known: readonly string[]): string[] {
  return unknown
    .flatMap((slug) => known.filter((name) => name.startsWith(slug.slice(0, 4).toLowerCase())))
    .slice(0, MOST_SIMILAR);
}
