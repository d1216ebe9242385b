/** A line as the recognising network spells it. */
export interface Spelling {
  text: string;
  /** Mean probability of the characters, 0–1; 0 of an empty text. */
  confidence: number;
}

/**
 * From here on a space is put where the network thought of one and did not say it, as it mostly does between small words: measured 0.07–0.49 where there is
 * one, below 0.003 inside words. Without it no border of a word would be left.
 */
const SPACE_FROM = 0.05;

/**
 * The most probable reading of a recognising network's answer, greedily: for each step its most probable character, repetitions once, blanks left out.
 * `values` are the probabilities of `characters`, the blank first and the space last, step by step.
 */
export function spell(values: Float32Array, characters: readonly string[]): Spelling {
  const count = characters.length;
  const space = count - 1;
  let text = '';
  let sum = 0;
  let letters = 0;
  let last = 0;
  let thoughtOfSpace = 0;
  for (let start = 0; start + count <= values.length; start += count) {
    const best = mostProbable(values, start, count);
    if (best === 0 || best === last) {
      thoughtOfSpace = Math.max(thoughtOfSpace, values[start + space] ?? 0);
    } else {
      if (thoughtOfSpace >= SPACE_FROM && best !== space && text !== '' && !text.endsWith(' ')) text += ' ';
      text += characters[best] ?? '';
      sum += values[start + best] ?? 0;
      letters++;
      thoughtOfSpace = 0;
    }
    last = best;
  }
  return { text, confidence: letters === 0 ? 0 : sum / letters };
}

function mostProbable(values: Float32Array, start: number, count: number): number {
  let best = 0;
  let most = -1;
  for (let index = 0; index < count; index++) {
    const value = values[start + index] ?? 0;
    if (value <= most) continue;
    most = value;
    best = index;
  }
  return best;
}
