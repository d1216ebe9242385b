import { KINDS } from '../banks/bank-kinds.js';
import { entryNames, exportLines, type ExportFormat } from '../banks/export-bank.js';
import { HashBankBuilder } from '../banks/hash-bank-builder.js';
import { openImageBank, writeImageBank } from '../banks/image-bank.js';
import { openTermBank, termName, writeTermBank } from '../banks/term-bank.js';
import { openStores, type Stores } from '../deps.js';
import type { BankKind } from '../schema/bank.js';
import type { Scene, Suggestion } from '../schema/scene.js';
import { BankNotFoundError, type StoredBank } from '../store/banks.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderBanks } from './render/bank-table.js';
import { UsageError } from './usage-error.js';

export interface BankCreateOptions {
  scene: Scene;
  kind: BankKind;
  /** Absent: block for hashes, else review. */
  atMost?: Suggestion;
  /** Absent: all. */
  project?: string;
}

export interface BankExportOptions {
  format: ExportFormat;
}

const BANK_NAME = /^[\w.-]{1,64}$/;

/** `framewarden bank create`: it holds nothing yet, so that nothing is compared with it. */
export async function createBank(context: CommandContext, name: string, options: BankCreateOptions): Promise<ExitCode> {
  const { kind, scene, project = null } = options;
  if (!BANK_NAME.test(name))
    throw new UsageError(`Expected a name of 1-64 letters, digits, ., - and _, got ${JSON.stringify(name)}.`);
  const { scenes, atMost } = KINDS[kind];
  if (!scenes.includes(scene))
    throw new UsageError(`--scene: nothing looks for ${scene} with ${kind}, expected one of ${scenes.join(', ')}.`);
  return await withBanks(context, async ({ banks }) => {
    const bank = { name, kind, scene, atMost: options.atMost ?? atMost, project };
    await banks.create(bank, new Date().toISOString());
    context.say(`Made ${name}, a bank of ${kind} for ${scene}: framewarden bank import ${name} FILE… fills it.`);
  });
}

/** `framewarden bank list` */
export async function listBanks(context: CommandContext, { json = false }: { json?: boolean }): Promise<ExitCode> {
  return await withBanks(context, async ({ banks }) => {
    const listed = await banks.list();
    if (json) for (const bank of listed) context.print(`${JSON.stringify(bank)}\n`);
    else context.print(`${renderBanks(listed, layoutOf(context))}\n`);
  });
}

/** Signs of one write. */
const PIECE = 1_000_000;

/** `framewarden bank export` */
export async function exportBank(
  context: CommandContext,
  name: string,
  { format }: BankExportOptions,
): Promise<ExitCode> {
  return await withBanks(context, async ({ banks }) => {
    const bank = await existing(banks, name);
    const content = await contentOf(banks, bank);
    let piece = '';
    for (const line of content === null ? [] : exportLines(bank.kind, content, format)) {
      piece += `${line}\n`;
      if (piece.length < PIECE) continue;
      context.print(piece);
      piece = '';
    }
    context.print(piece);
  });
}

/** `framewarden bank remove`: all of it, or these entries. */
export async function removeBank(context: CommandContext, name: string, entries: readonly string[]): Promise<ExitCode> {
  return await withBanks(context, async ({ banks }) => {
    const at = new Date().toISOString();
    if (entries.length === 0) {
      await banks.remove(name, at);
      context.say(`Removed ${name}. Tasks that have started are still compared with it.`);
      return;
    }
    const bank = await existing(banks, name);
    const content = await contentOf(banks, bank);
    const known = content === null ? new Set<string>() : entryNames(bank.kind, content);
    const unknown = entries.filter((entry) => !known.has(entry));
    if (content === null || unknown.length > 0)
      throw new UsageError(
        `${name} has no entry ${unknown.map((entry) => JSON.stringify(entry)).join(', ')}: nothing was removed.`,
      );
    const left = without(bank.kind, content, new Set(entries));
    const ref = await banks.addVersion(name, left.bytes, { entries: left.entries, after: bank.version, at });
    context.say(`${name}: version ${ref.version}, ${ref.entries} entries.`);
  });
}

/** The bank of this name. @throws {BankNotFoundError} */
export async function existing(banks: Stores['banks'], name: string): Promise<StoredBank> {
  const bank = await banks.find(name);
  if (bank === null) throw new BankNotFoundError(name);
  return bank;
}

/** What is in a bank now, or `null` when nothing was imported yet. */
export async function contentOf(
  banks: Stores['banks'],
  { name, version, digest }: StoredBank,
): Promise<Uint8Array | null> {
  return digest === null ? null : banks.read({ name, version, digest });
}

/** Opens the stores for this, whoever owns the data directory: a service that runs sees what is changed at once. */
export async function withBanks(context: CommandContext, work: (stores: Stores) => Promise<void>): Promise<ExitCode> {
  const stores = await openStores(context.config);
  try {
    await work(stores);
  } finally {
    await stores.records.close();
  }
  return EXIT_CODES.pass;
}

function without(
  kind: BankKind,
  content: Uint8Array,
  entries: ReadonlySet<string>,
): { bytes: Uint8Array; entries: number } {
  if (kind === 'terms') {
    const terms = openTermBank(content).filter((term) => !entries.has(termName(term)));
    return { bytes: writeTermBank(terms), entries: terms.length };
  }
  if (kind === 'images') {
    const images = openImageBank(content).filter(({ name }) => !entries.has(name));
    return { bytes: writeImageBank(images), entries: images.length };
  }
  const builder = new HashBankBuilder();
  builder.addBank(content, entries);
  const { bytes, counts } = builder.build();
  return { bytes, entries: counts.pictures + counts.videos + counts.files };
}
