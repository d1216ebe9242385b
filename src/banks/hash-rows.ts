/** Hashes in their order, and the number of the name of each. */
export interface SortedHashes {
  words: Uint32Array;
  names: Uint32Array;
}

/** Hashes of one length with a name each, in memory that grows. */
export class HashRows {
  #count = 0;
  #words: Uint32Array;
  #names: Uint32Array;

  constructor(
    /** Words of a hash. */
    readonly size: number,
  ) {
    this.#words = new Uint32Array(0);
    this.#names = new Uint32Array(0);
  }

  add(name: number, hash: Uint32Array): void {
    if (this.#count === this.#names.length) this.#grow();
    for (let word = 0, at = this.#count * this.size; word < this.size; word++, at++)
      this.#words[at] = hash[word] as number;
    this.#names[this.#count++] = name;
  }

  /** By hash, those of one hash by name, each pair once. */
  sorted(textOf: (name: number) => string): SortedHashes {
    const order = this.#order(textOf);
    const words = new Uint32Array(order.length * this.size);
    const names = new Uint32Array(order.length);
    let count = 0;
    for (const row of order) {
      const name = this.#names[row] as number;
      const hash = this.#words.subarray(row * this.size, (row + 1) * this.size);
      if (count > 0 && names[count - 1] === name && isAt(words, (count - 1) * this.size, hash)) continue;
      words.set(hash, count * this.size);
      names[count++] = name;
    }
    return count === order.length
      ? { words, names }
      : { words: words.slice(0, count * this.size), names: names.slice(0, count) };
  }

  /** Rows by their first word natively, of equal ones by the rest: a comparison for each pair would take ten times as long. */
  #order(textOf: (name: number) => string): Uint32Array {
    const keys = new BigUint64Array(this.#count);
    const halves = new Uint32Array(keys.buffer);
    for (let row = 0; row < this.#count; row++) {
      halves[2 * row] = row;
      halves[2 * row + 1] = this.#words[row * this.size] as number;
    }
    keys.sort();
    const order = new Uint32Array(this.#count);
    for (let place = 0; place < this.#count; place++) order[place] = halves[2 * place] as number;
    const compare = (a: number, b: number): number => this.#compare(a, b, textOf);
    for (let from = 0, to = 1; from < this.#count; from = to++) {
      while (to < this.#count && halves[2 * to + 1] === halves[2 * from + 1]) to++;
      if (to - from > 1) order.subarray(from, to).sort(compare);
    }
    return order;
  }

  #compare(a: number, b: number, textOf: (name: number) => string): number {
    for (let word = 0; word < this.size; word++) {
      const order = (this.#words[a * this.size + word] as number) - (this.#words[b * this.size + word] as number);
      if (order !== 0) return order;
    }
    const [one, other] = [textOf(this.#names[a] as number), textOf(this.#names[b] as number)];
    return one < other ? -1 : Number(one > other);
  }

  #grow(): void {
    const capacity = Math.max(1024, this.#count * 2);
    const [words, names] = [new Uint32Array(capacity * this.size), new Uint32Array(capacity)];
    words.set(this.#words);
    names.set(this.#names);
    [this.#words, this.#names] = [words, names];
  }
}

const isAt = (words: Uint32Array, at: number, hash: Uint32Array): boolean =>
  hash.every((word, index) => words[at + index] === word);
