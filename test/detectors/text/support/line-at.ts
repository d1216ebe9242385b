import type { TextLine } from '../../../../src/detectors/text/text-line.js';

interface Place {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  confidence?: number;
}

/** A level line of writing; by default 0.07 high and as wide as its letters would be. */
export function lineAt(text: string, place: Place = {}): TextLine {
  const { x = 0.1, y = 0.1, height = 0.07, width = 0.02 * text.length, confidence = 0.95 } = place;
  const quad = [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ] as const;
  return { text, confidence, box: { x, y, width, height }, quad };
}
