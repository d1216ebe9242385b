import { open, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { HashBankBuilder, type HashCounts } from '../banks/hash-bank-builder.js';
import { HashIntake } from '../banks/hash-intake.js';
import { addHashList } from '../banks/hash-lists.js';
import { openImageBank, writeImageBank, type BankImage } from '../banks/image-bank.js';
import { ImportProblemError } from '../banks/import-problem.js';
import type { HashType } from '../banks/signal-types.js';
import { starterImages, type Starter } from '../banks/simple-icons.js';
import { openTermBank, writeTermBank } from '../banks/term-bank.js';
import { readTermList } from '../banks/term-lists.js';
import { termProblem } from '../detectors/text/terms/open-term-bank.js';
import { errorMessage } from '../domain/error-code.js';
import { readMark } from '../media/image.js';
import type { BankKind } from '../schema/bank.js';
import { contentOf, existing, withBanks } from './bank.js';
import type { CommandContext } from './command.js';
import type { ExitCode } from './exit-codes.js';
import { mediaHasher } from './hash-media.js';
import { UsageError } from './usage-error.js';

export interface BankImportOptions {
  /** What hashes are where a file does not say. */
  as?: Exclude<HashType, 'vpdq'>;
  /** Instead of adding. */
  replace?: boolean;
  /** A collection of pictures to import beside files. */
  starter?: Starter;
  /** The pictures of the collection that are wanted; absent: all. */
  only?: string[];
  json?: boolean;
}

/** A file to be imported. */
interface ImportFile {
  path: string;
  /** As it was given. */
  file: string;
}

/** What became of an import. */
interface Imported {
  bytes: Uint8Array;
  entries: number;
  counts?: HashCounts;
  /** How many things were left out, by the reason. */
  leftOut?: ReadonlyMap<string, number>;
}

/** `framewarden bank import`: everything is read before anything is changed, and the bank changes at once. */
export async function importBank(
  context: CommandContext,
  name: string,
  args: readonly string[],
  options: BankImportOptions,
): Promise<ExitCode> {
  const { print, say } = context;
  return await withBanks(context, async ({ banks }) => {
    const bank = await existing(banks, name);
    if (options.starter !== undefined && bank.kind !== 'images')
      throw new UsageError(`--starter: expected a bank of images, ${name} is one of ${bank.kind}.`);
    if (options.only !== undefined && options.starter === undefined)
      throw new UsageError('--only: expected --starter beside it, got none.');
    const files = options.starter !== undefined && args.length === 0 ? [] : await filesOf(args, context.cwd);
    const old = options.replace === true ? null : await contentOf(banks, bank);
    const imported = await IMPORTS[bank.kind](files, old, options, context);
    const { bytes, entries, counts, leftOut = new Map<string, number>() } = imported;
    const ref = await banks.addVersion(name, bytes, { entries, after: bank.version, at: new Date().toISOString() });
    const { version, digest } = ref;
    if (options.json === true)
      print(`${JSON.stringify({ name, version, digest, entries, ...counts, leftOut: Object.fromEntries(leftOut) })}\n`);
    for (const [reason, count] of leftOut) say(`Left out ${count} ${reason}.`);
    say(
      version === bank.version
        ? `${name} holds all of that already.`
        : `${name}: version ${version}, ${entries} entries.`,
    );
  });
}

type Import = (
  files: readonly ImportFile[],
  old: Uint8Array | null,
  options: BankImportOptions,
  context: CommandContext,
) => Promise<Imported>;

const IMPORTS: Readonly<Record<BankKind, Import>> = { hashes: importHashes, terms: importTerms, images: importImages };

async function importHashes(
  files: readonly ImportFile[],
  old: Uint8Array | null,
  options: BankImportOptions,
  context: CommandContext,
): Promise<Imported> {
  const as = options.as ?? null;
  const builder = new HashBankBuilder();
  if (old !== null) builder.addBank(old);
  const intake = new HashIntake(builder);
  const hasher = mediaHasher(context, builder, intake);
  for (const { path, file } of files) {
    context.interrupt.throwIfAborted();
    if (await isText(path)) await addHashList({ path, file, as }, intake);
    else await hasher.add({ path, file });
  }
  const { bytes, counts } = builder.build();
  return { bytes, counts, entries: counts.pictures + counts.videos + counts.files, leftOut: intake.leftOut };
}

async function importTerms(files: readonly ImportFile[], old: Uint8Array | null): Promise<Imported> {
  const terms = old === null ? [] : [...openTermBank(old)];
  for (const file of files) terms.push(...(await readTermList(file, termProblem)));
  const bytes = writeTermBank(terms);
  return { bytes, entries: openTermBank(bytes).length };
}

async function importImages(
  files: readonly ImportFile[],
  old: Uint8Array | null,
  { starter, only }: BankImportOptions,
): Promise<Imported> {
  const images: BankImage[] = old === null ? [] : openImageBank(old);
  if (starter !== undefined) images.push(...(await starterImages(only)));
  for (const { path, file } of files) {
    try {
      images.push({ name: basename(path, extname(path)), png: await readMark(path) });
    } catch (error) {
      throw new ImportProblemError(file, null, `Expected a picture: ${errorMessage(error)}.`);
    }
  }
  const bytes = writeImageBank(images);
  return { bytes, entries: openImageBank(bytes).length };
}

/** Files that arguments name: themselves, all in directories, all that match patterns. */
async function filesOf(args: readonly string[], cwd: string): Promise<ImportFile[]> {
  const found = await Promise.all(
    args.map(async (arg): Promise<ImportFile[]> => {
      const path = resolve(cwd, arg);
      const stats = await stat(path).catch(() => null);
      if (stats?.isFile() === true) return [{ path, file: arg }];
      const pattern = stats?.isDirectory() === true ? { in: path, of: '**/*' } : { in: cwd, of: arg };
      const names =
        stats === null && !isDynamicPattern(arg)
          ? []
          : await glob(pattern.of, { cwd: pattern.in, expandDirectories: false });
      if (names.length === 0)
        throw new UsageError(`Expected ${arg} to be a file, or a directory or pattern of files, found none.`);
      return names
        .sort()
        .map((name) => ({ path: join(pattern.in, name), file: stats === null ? name : join(arg, name) }));
    }),
  );
  const files = found.flat();
  if (files.length === 0) throw new UsageError('Expected a file to import, got none.');
  return files;
}

/** Bytes looked at to tell a list from a picture or video: every format of those has a zero among them. */
const LOOKED_AT = 4096;

async function isText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await file.close();
  }
}
