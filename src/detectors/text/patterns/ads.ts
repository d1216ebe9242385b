import type { Passage } from '../passages.js';
import { apart, type Find } from './find.js';
import { messengersIn } from './messengers.js';
import { phonesIn } from './phones.js';
import { demandsToBuy, OFFER_CERTAINTY, pricesIn } from './prices.js';
import { urlsIn } from './urls.js';

/** A find, and the text that it is in. */
export interface AdFind extends Find {
  passage: Passage;
}

/** A way to reach the seller as sure as this makes an offer of a price beside it. */
const MIN_CONTACT = 0.75;

/**
 * What advertises in the writing of one picture. Prices weigh more where the same picture asks to buy, or says how to: an offer is often laid out over several boxes.
 */
export function adsIn(passages: readonly Passage[]): AdFind[] {
  const finds = passages.flatMap((passage) => {
    const { text } = passage;
    // In this order: an address of a messenger is no web address besides, and its number no telephone number.
    const found = apart([...messengersIn(text), ...urlsIn(text), ...phonesIn(text), ...pricesIn(text)]);
    return found.map((find) => ({ ...find, passage }));
  });
  const isOffer =
    passages.some(({ text }) => demandsToBuy(text)) ||
    finds.some((find) => find.class !== 'price' && find.certainty >= MIN_CONTACT);
  return finds.map((find) => (find.class === 'price' && isOffer ? { ...find, certainty: OFFER_CERTAINTY } : find));
}
