import type { Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import { adsIn } from './patterns/ads.js';
import { linesBetween, passagesOf, type Passage } from './passages.js';
import type { OpenTermBank, TermMatch } from './terms/open-term-bank.js';
import type { TextLine } from './text-line.js';

/** What was found in the writing of one picture, or in a code's content; who found it and where is the caller's to say. */
export type Sighting = Omit<Observation, 'detector' | 'sample'>;

/**
 * Certainty, 0–1, that a term is meant: lost with each letter that is written otherwise, so that a disguise counts a little less than the word itself, and never less
 * than the floor. With the confidence of reading it is the score.
 */
const TERM_CERTAINTY = { exact: 1, lossPerEdit: 0.03, floor: 0.85 } as const;
/** Sightings of one picture at most, the highest scores: a picture full of writing must not fill the records. */
const MOST_SIGHTINGS = 50;

/**
 * Web addresses, telephone numbers, messenger ids and prices (scene ad), and terms of the banks whose scenes are asked for, in the lines of one picture. Pure, and
 * the same for every order of lines and banks. What patterns find asks for a person at most; terms as much as their bank allows.
 */
export function findInText(
  lines: readonly TextLine[],
  termBanks: readonly OpenTermBank[],
  scenes: readonly Scene[],
): Sighting[] {
  const passages = passagesOf(lines);
  const banks = termBanks.filter(({ bank }) => scenes.includes(bank.scene) && bank.atMost !== 'pass');
  const sightings = [
    ...(scenes.includes('ad') ? adSightings(passages) : []),
    ...banks.flatMap((bank) => termSightings(passages, bank)),
  ];
  return sightings.sort(inOrder).slice(0, MOST_SIGHTINGS);
}

function adSightings(passages: readonly Passage[]): Sighting[] {
  const best = new Map<string, Sighting>();
  for (const { class: kind, text, certainty, passage, start, end } of adsIn(passages)) {
    const { box, confidence } = linesBetween(passage, start, end);
    keepBest(best, `${kind} ${text}`, {
      class: kind,
      score: rounded(certainty * confidence),
      atMost: 'review',
      ...{ box, text },
    });
  }
  return [...best.values()];
}

function termSightings(passages: readonly Passage[], { bank, find }: OpenTermBank): Sighting[] {
  const best = new Map<string, Sighting>();
  for (const passage of passages) {
    for (const match of find(passage.text)) {
      const { box, confidence } = linesBetween(passage, match.start, match.end);
      keepBest(best, match.entry, {
        class: 'term',
        score: rounded(certaintyOf(match) * confidence),
        scene: bank.scene,
        ...(bank.atMost === 'review' && { atMost: 'review' as const }),
        box,
        text: passage.text.slice(match.start, match.end).replaceAll('\n', ' '),
        match: { bank: bank.name, entry: match.entry, distance: match.distance },
      });
    }
  }
  return [...best.values()];
}

function certaintyOf({ distance }: TermMatch): number {
  return Math.max(TERM_CERTAINTY.floor, TERM_CERTAINTY.exact - distance * TERM_CERTAINTY.lossPerEdit);
}

function keepBest(best: Map<string, Sighting>, key: string, sighting: Sighting): void {
  const known = best.get(key);
  if (known === undefined || inOrder(sighting, known) < 0) best.set(key, sighting);
}

/** The strongest first; whatever else may differ has an order too. */
function inOrder(a: Sighting, b: Sighting): number {
  return b.score - a.score || compare(JSON.stringify(a), JSON.stringify(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Six decimals, as observations keep them. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
