import { stripVTControlCharacters } from 'node:util';

const GRAPHEMES = new Intl.Segmenter();
/** What terminals draw two cells wide: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]/u;

const graphemesOf = (text: string) => Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
const cellsOf = (grapheme: string) => (WIDE.test(grapheme) ? 2 : 1);

/**
 * The text with everything taken out that could move the cursor, recolour or fake a line: names of files and what people write come from strangers.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Control}\p{Bidi_Control}\u2028\u2029]+/gu, '�');
}

/** Cells that the text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  return graphemesOf(stripVTControlCharacters(text)).reduce((sum, grapheme) => sum + cellsOf(grapheme), 0);
}

/** Fills up with spaces to this many cells. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** The text in at most this many cells, its middle left out where it is too long: of names both ends tell. Uncoloured text only. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const graphemes = graphemesOf(text);
  const head = take(graphemes, Math.floor((width - 1) / 2));
  const tail = take(graphemes.toReversed(), width - 1 - widthOf(head.join('')));
  return `${head.join('')}…${tail.reverse().join('')}`;
}

function take(graphemes: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let left = width;
  for (const grapheme of graphemes) {
    left -= cellsOf(grapheme);
    if (left < 0) break;
    taken.push(grapheme);
  }
  return taken;
}

/** Lines of at most this many cells, broken at spaces; a word that is wider than a line keeps one of its own, so that ids can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
