import { Writable } from 'node:stream';

const PIECES = /\u001B\[(\?)?(\d*)(?:;\d+)*([A-Za-z])|\n|\r|[^\u001B\n\r]+/g;

/** What a terminal of this size shows of what is written to it; knows the sequences that the progress view uses. */
export class Screen extends Writable {
  readonly isTTY = true;
  /** All lines written so far, those that scrolled away too. */
  readonly lines: string[] = [''];
  cursorVisible = true;
  #row = 0;
  #column = 0;

  constructor(
    readonly columns = 80,
    readonly rows = 24,
  ) {
    super({ decodeStrings: false });
  }

  /** Lines up to the last that is not empty. */
  get text(): string[] {
    return this.lines
      .slice(0, this.lines.findLastIndex((line) => line.trim() !== '') + 1)
      .map((line) => line.trimEnd());
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    for (const [piece, isPrivate, number, command] of chunk.matchAll(PIECES)) {
      if (command !== undefined) this.#control(isPrivate === '?', number ?? '', command);
      else if (piece === '\n') this.#moveTo(this.#row + 1, 0);
      else if (piece === '\r') this.#column = 0;
      else this.#print(piece);
    }
    done();
  }

  #print(text: string): void {
    const line = (this.lines[this.#row] ?? '').padEnd(this.#column);
    this.lines[this.#row] = line.slice(0, this.#column) + text + line.slice(this.#column + text.length);
    this.#column += text.length;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = column;
    while (this.lines.length <= this.#row) this.lines.push('');
  }

  #control(isPrivate: boolean, number: string, command: string): void {
    const count = Number(number || '1');
    const line = this.lines[this.#row] ?? '';
    if (isPrivate) {
      if (number === '25') this.cursorVisible = command === 'h';
    } else if (command === 'A') this.#moveTo(this.#row - count, this.#column);
    else if (command === 'B') this.#moveTo(this.#row + count, this.#column);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'K') this.lines[this.#row] = number === '2' ? '' : line.slice(0, this.#column);
    else if (command !== 'm')
      throw new Error(`Expected a sequence that this screen knows, got CSI ${number}${command}.`);
  }
}
