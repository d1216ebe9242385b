import type { BankKind, BankRef } from '../schema/bank.js';
import type { Scene, Suggestion } from '../schema/scene.js';
import { BlobNotFoundError, type BlobStore } from './blobs.js';

/** What an operator says of a bank when making it; it stays. */
export interface BankSettings {
  /** Unique in an installation. */
  name: string;
  kind: BankKind;
  /** What a match speaks for. */
  scene: Scene;
  /** The worst that a match may come to without a person. */
  atMost: Suggestion;
  /** The only one whose tasks are compared with it; `null`: those of all projects. */
  project: string | null;
}

/** A bank as it is now. */
export interface StoredBank extends BankSettings {
  /** The last number given; 0: none. */
  version: number;
  /** SHA-256 of the content, hexadecimal; `null`: nothing was imported yet. */
  digest: string | null;
  entries: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Of the version; `null`: nothing was imported yet. */
  importedAt: string | null;
}

/** A version that is to follow another. */
export interface NewVersion {
  digest: string;
  entries: number;
  /** Version that it was made from; 0: none. */
  after: number;
  /** ISO 8601, UTC. */
  at: string;
}

/** What is known of banks, without their content. Versions never change; a bank of the name of one removed goes on with its numbers. */
export interface BankRecords {
  /** @throws {BankExistsError} */
  create(bank: BankSettings, createdAt: string): Promise<void>;
  /** `null`: there is none, or it was removed. */
  find(name: string): Promise<StoredBank | null>;
  /** By name. */
  list(): Promise<StoredBank[]>;
  /**
   * Makes a version the current one, at once and as a whole.
   * @throws {BankNotFoundError}
   * @throws {BankChangedError} when the current version is not the one it was made from any more
   */
  addVersion(name: string, version: NewVersion): Promise<BankRef>;
  /**
   * Takes a bank away; tasks that have begun go on with it.
   * @throws {BankNotFoundError}
   */
  remove(name: string, at: string): Promise<void>;
  /** What tasks of a project that start now are compared with for these scenes, by name. Banks of other projects and without entries are not among it. */
  current(project: string, scenes: readonly Scene[]): Promise<BankRef[]>;
  /** Contents of which no version is current and all were superseded before the instant. */
  supersededBefore(instant: string): Promise<string[]>;
  /** Those of these digests that no version names, current or not. */
  unnamedAmong(digests: readonly string[]): Promise<string[]>;
  /** Takes note that these contents are gone, with the banks removed of which nothing is left. */
  forgetContents(digests: readonly string[]): Promise<void>;
}

/** Banks with their content. */
export interface BankStore extends Pick<BankRecords, 'create' | 'find' | 'list' | 'remove' | 'current'> {
  /**
   * Stores the content durably and makes it the current version; until then, and whatever happens before, the old one is. The same content again changes nothing.
   * @throws {BankNotFoundError | BankChangedError}
   */
  addVersion(name: string, content: Uint8Array, version: Omit<NewVersion, 'digest'>): Promise<BankRef>;
  /**
   * @throws {BankContentMissingError}
   * @throws {BlobCorruptError}
   */
  read(bank: Pick<BankRef, 'name' | 'version' | 'digest'>): Promise<Uint8Array>;
  /** Removes the contents superseded before the instant, but for those with these digests; answers how many. Safe to repeat. */
  removeSuperseded(instant: string, inUse: ReadonlySet<string>): Promise<number>;
  /**
   * Removes contents stored before the instant that no version names, but for those with these digests: their imports died before they counted. Looks at those whose
   * digest begins with one of these bytes, 0–255; answers how many went. Safe to repeat.
   */
  removeUnnamed(instant: string, inUse: ReadonlySet<string>, firstBytes: readonly number[]): Promise<number>;
}

/** The banks of an installation: what is known of them, and a directory of contents that nothing else uses. */
export function createBankStore(records: BankRecords, contents: BlobStore): BankStore {
  return {
    create: (bank, createdAt) => records.create(bank, createdAt),
    find: (name) => records.find(name),
    list: () => records.list(),
    remove: (name, at) => records.remove(name, at),
    current: (project, scenes) => records.current(project, scenes),
    async addVersion(name, content, version) {
      const digest = await contents.put(content);
      return records.addVersion(name, { ...version, digest });
    },
    async read({ name, version, digest }) {
      try {
        return await contents.get(digest);
      } catch (error) {
        throw error instanceof BlobNotFoundError ? new BankContentMissingError(name, version, error) : error;
      }
    },
    async removeSuperseded(instant, inUse) {
      const gone: string[] = [];
      for (const digest of await records.supersededBefore(instant)) {
        // Stored again since: an import is about to name it.
        if (!inUse.has(digest) && (await contents.delete(digest, new Date(instant)))) gone.push(digest);
      }
      await records.forgetContents(gone);
      return gone.length;
    },
    async removeUnnamed(instant, inUse, firstBytes) {
      const before = new Date(instant);
      let gone = 0;
      for (const firstByte of firstBytes) {
        const old = (await contents.storedBefore(before, firstByte)).filter((digest) => !inUse.has(digest));
        // Who is about to name one has stored it again, which `delete` respects.
        for (const digest of await records.unnamedAmong(old)) if (await contents.delete(digest, before)) gone++;
      }
      return gone;
    },
  };
}

/** Thrown when a bank of this name is there already. */
export class BankExistsError extends Error {
  override name = 'BankExistsError' as const;
  constructor(readonly bank: string) {
    super(
      `Expected a new name, but there is a bank ${JSON.stringify(bank)}: choose another, or remove that one with \`framewarden bank remove\`.`,
    );
  }
}

/** Thrown when there is no bank of this name. */
export class BankNotFoundError extends Error {
  override name = 'BankNotFoundError' as const;
  constructor(readonly bank: string) {
    super(`There is no bank ${JSON.stringify(bank)}: \`framewarden bank list\` shows what there is.`);
  }
}

/** Thrown when the content of a version is not kept here (any more). */
export class BankContentMissingError extends Error {
  override name = 'BankContentMissingError' as const;
  constructor(
    readonly bank: string,
    readonly version: number,
    cause: unknown,
  ) {
    super(
      `Expected this data directory to hold version ${version} of the bank ${JSON.stringify(bank)}, but it does not: import it here, or start the task anew.`,
      { cause },
    );
  }
}

/** Thrown when somebody else has changed a bank meanwhile. */
export class BankChangedError extends Error {
  override name = 'BankChangedError' as const;
  constructor(
    readonly bank: string,
    /** Version that the change was made from. */
    readonly expected: number,
  ) {
    super(
      `Expected version ${expected} of the bank ${JSON.stringify(bank)} to be current, but it was changed meanwhile: nothing was imported, do it again.`,
    );
  }
}
