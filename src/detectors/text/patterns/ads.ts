import type { Passage } from '../passages.js';
import { apart, type Find } from './find.js';
import { messengersIn } from './messengers.js';
import { phonesIn } from './phones.js';
import { pricesIn, weighPrices } from './prices.js';
import { urlsIn } from './urls.js';

/** A find, and the text that it is in. */
export interface AdFind extends Find {
  passage: Passage;
}

/** What advertises in the writing of one picture. */
export function adsIn(passages: readonly Passage[]): AdFind[] {
  const finds = passages.flatMap((passage) => {
    const { text } = passage;
    // In this order: an address of a messenger is no web address besides, and its number no telephone number.
    const found = apart([...messengersIn(text), ...urlsIn(text), ...phonesIn(text), ...pricesIn(text)]);
    return found.map((find) => ({ ...find, passage }));
  });
  const texts = passages.map(({ text }) => text);
  return weighPrices(finds, texts);
}
