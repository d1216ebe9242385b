import type { Outcome } from '../exit-codes.js';

/** Ways to set text apart; without colour each gives its text back. */
export interface Style {
  bold: (text: string) => string;
  dim: (text: string) => string;
  red: (text: string) => string;
  green: (text: string) => string;
  yellow: (text: string) => string;
  cyan: (text: string) => string;
  /** Light and dark exchanged: a label. */
  inverse: (text: string) => string;
}

/**
 * Whether colour is used is for the caller to say (a terminal, and no `NO_COLOR`).
 * `util.styleText` is not used: it came with Node.js 20.12, and later versions look at the environment themselves.
 */
export function createStyle(colour: boolean): Style {
  const sequence = (on: number, off: number) => (text: string) =>
    colour && text !== '' ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return {
    bold: sequence(1, 22),
    dim: sequence(2, 22),
    red: sequence(31, 39),
    green: sequence(32, 39),
    yellow: sequence(33, 39),
    cyan: sequence(36, 39),
    inverse: sequence(7, 27),
  };
}

/** The colour of an outcome. */
export function outcomeColour(style: Style, outcome: Outcome): (text: string) => string {
  switch (outcome) {
    case 'pass':
      return style.green;
    case 'review':
      return style.yellow;
    case 'block':
    case 'failed':
      return style.red;
  }
}

/** One cell that says an outcome without words. */
export const OUTCOME_SIGNS = { pass: '✔', review: '?', block: '✖', failed: '!' } as const satisfies Record<
  Outcome,
  string
>;
