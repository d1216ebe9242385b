import { writeSections } from './content.js';
import { entryOf, NAMELESS, readHashSections, videoAt, type KnownVideo } from './hash-bank.js';
import { WORDS_PER_HASH } from './hash-index.js';
import { hexOf } from './hex.js';
import { HashRows } from './hash-rows.js';

/** How many things of each sort a bank holds. */
export interface HashCounts {
  pictures: number;
  videos: number;
  files: number;
}

/** Collects hashes and makes a bank of them. Each is kept once, whatever is added how often; equal sets make equal bytes. */
export class HashBankBuilder {
  readonly #names = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #pictures = new HashRows(WORDS_PER_HASH);
  readonly #md5s = new HashRows(4);
  readonly #sha256s = new HashRows(8);
  readonly #videos = new Map<string, KnownVideo>();

  /** @param entry how matches name it; `null`: by its hash @param hash 8 words, which are copied */
  addPicture(entry: string | null, hash: Uint32Array): void {
    this.#pictures.add(this.#name(entry), hash);
  }

  /** A video takes the place of one that has its name. */
  addVideo(entry: string, video: KnownVideo): void {
    this.#videos.set(entry, video);
  }

  /** @param digest MD5 (16 bytes) or SHA-256 (32) as words, the first digit in the highest bits of word 0 */
  addFile(entry: string | null, digest: Uint32Array): void {
    (digest.length === 4 ? this.#md5s : this.#sha256s).add(this.#name(entry), digest);
  }

  /**
   * Everything of a bank but the entries named.
   * @returns which of these it had
   * @throws {NotABankError}
   */
  addBank(bytes: Uint8Array, without: ReadonlySet<string> = new Set()): Set<string> {
    const bank = readHashSections(bytes);
    const left = new Set<string>();
    const keep = (entry: string): boolean => {
      if (!without.has(entry)) return true;
      left.add(entry);
      return false;
    };
    const renamed = new Map<number, number>();
    const copy = (rows: HashRows, words: Uint32Array, names: Uint32Array): void => {
      const size = rows.size;
      names.forEach((name, row) => {
        const hash = words.subarray(row * size, (row + 1) * size);
        if (without.size > 0 && !keep(entryOf(bank.nameAt, name, () => hexOf(hash)))) return;
        let own = name === NAMELESS ? NAMELESS : renamed.get(name);
        if (own === undefined) renamed.set(name, (own = this.#name(bank.nameAt(name))));
        rows.add(own, hash);
      });
    };
    copy(this.#pictures, bank.pictures, bank.pictureNames);
    copy(this.#md5s, wordsOf(bank.md5s), bank.md5Names);
    copy(this.#sha256s, wordsOf(bank.sha256s), bank.sha256Names);
    bank.videoNames.forEach((name, index) => {
      const entry = bank.nameAt(name);
      if (keep(entry)) this.#videos.set(entry, videoAt(bank, index));
    });
    return left;
  }

  /** The bank's content, and what is in it. */
  build(): { bytes: Uint8Array; counts: HashCounts } {
    const texts = (name: number) => this.#texts[name] ?? '';
    const pictures = this.#pictures.sorted(texts);
    const [md5s, sha256s] = [this.#md5s.sorted(texts), this.#sha256s.sorted(texts)];
    const videos = [...this.#videos].sort(([a], [b]) => (a < b ? -1 : 1));
    const names = new NameTable(texts);
    const starts = new Uint32Array(videos.length + 1);
    videos.forEach(([, { qualities }], video) => (starts[video + 1] = (starts[video] as number) + qualities.length));
    const frames = starts[videos.length] as number;
    const sections = {
      pictures: pictures.words,
      pictureNames: names.renumber(pictures.names),
      frames: joined(
        new Uint32Array(frames * WORDS_PER_HASH),
        videos.map(([, { hashes }]) => hashes),
      ),
      qualities: joined(
        new Uint8Array(frames),
        videos.map(([, { qualities }]) => qualities),
      ),
      timestamps: joined(
        new Float64Array(frames),
        videos.map(([, { timestampsS }]) => timestampsS),
      ),
      videoNames: Uint32Array.from(videos, ([entry]) => names.numberOf(this.#name(entry))),
      videoStarts: starts,
      md5s: bytesOf(md5s.words),
      md5Names: names.renumber(md5s.names),
      sha256s: bytesOf(sha256s.words),
      sha256Names: names.renumber(sha256s.names),
    };
    const bytes = writeSections('hashes', [...Object.entries(sections), ...names.sections()]);
    const files = md5s.names.length + sha256s.names.length;
    return { bytes, counts: { pictures: pictures.names.length, videos: videos.length, files } };
  }

  #name(entry: string | null): number {
    if (entry === null) return NAMELESS;
    const known = this.#names.get(entry);
    if (known !== undefined) return known;
    const number = this.#texts.push(entry) - 1;
    this.#names.set(entry, number);
    return number;
  }
}

/** Names in the order of their first use in the content, so that equal sets have equal bytes whatever the order in which they came. */
class NameTable {
  readonly #numbers = new Map<number, number>();
  readonly #texts: string[] = [];

  constructor(readonly textOf: (name: number) => string) {}

  numberOf(name: number): number {
    if (name === NAMELESS) return NAMELESS;
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#texts.push(this.textOf(name)) - 1));
    return number;
  }

  renumber(names: Uint32Array): Uint32Array {
    return names.map((name) => this.numberOf(name));
  }

  sections(): [string, ArrayBufferView][] {
    const starts = new Uint32Array(this.#texts.length + 1);
    this.#texts.forEach((text, name) => (starts[name + 1] = (starts[name] as number) + Buffer.byteLength(text)));
    return [
      ['names', new TextEncoder().encode(this.#texts.join(''))],
      ['nameStarts', starts],
    ];
  }
}

/** Digests lie as bytes in the order of their digits, words in memory do not. */
const swapped = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).swap32();
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array =>
  swapped(new Uint8Array(buffer, byteOffset, byteLength));

function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(bytes.length / 4);
  new Uint8Array(words.buffer).set(swapped(bytes));
  return words;
}

function joined<T extends Uint8Array | Uint32Array | Float64Array>(whole: T, parts: readonly ArrayLike<number>[]): T {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
