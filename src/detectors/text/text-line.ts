import type { Box } from '../../schema/observation.js';

/** One line of writing as it was read in a picture. */
export interface TextLine {
  /** Not normalised; never empty. */
  text: string;
  /** Mean probability of the characters, 0–1. */
  confidence: number;
  /** The upright rectangle around `quad`. */
  box: Box;
  /** Corners in the displayed picture, each 0–1: the text's own top left, top right, bottom right and bottom left, however it is turned. */
  quad: Quad;
}

export type Quad = readonly [Point, Point, Point, Point];

/** A position in the displayed picture; each number is a share, 0–1, of its width or height. */
export interface Point {
  x: number;
  y: number;
}
