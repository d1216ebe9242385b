/** A line as the recognising network spells it. */
export interface Spelling {
  text: string;
  /** Mean probability of the characters, 0–1; 0 of an empty text. */
  confidence: number;
}

/**
 * The most probable reading of a recognising network's answer, greedily: for each step its most probable character, repetitions once, blanks left out.
 * `values` are the probabilities of `characters`, the blank first, step by step.
 */
export function spell(values: Float32Array, characters: readonly string[]): Spelling {
  const count = characters.length;
  let text = '';
  let sum = 0;
  let letters = 0;
  let last = 0;
  for (let start = 0; start + count <= values.length; start += count) {
    let best = 0;
    let most = -1;
    for (let index = 0; index < count; index++) {
      const value = values[start + index] ?? 0;
      if (value <= most) continue;
      most = value;
      best = index;
    }
    if (best !== 0 && best !== last) {
      text += characters[best] ?? '';
      sum += most;
      letters++;
    }
    last = best;
  }
  return { text, confidence: letters === 0 ? 0 : sum / letters };
}
