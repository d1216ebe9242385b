import { findForms, type Find, type Form } from './find.js';

/**
 * A price alone is in every other documentary, so that it reaches no review; nor does a reduction alone, of which the news tell as well. What only sellers call a price
 * does.
 */
const CERTAINTY = { price: 0.4, reduced: 0.6, sellers: 0.78 } as const;
/** A price beside the demand to buy, beside a way to do so, or beside the price that it was. */
const OFFER_CERTAINTY = 0.8;
/** A way to reach the seller as sure as this makes an offer of a price beside it. */
const MIN_CONTACT = 0.75;

const AMOUNT = '[¥￥$€£]?\\s?\\d[\\d,.]*\\s?(?:元|块\\d*|万)?';

const FORMS: readonly Form[] = [
  {
    pattern: new RegExp(`(?:特价|秒杀价?|到手价|抢购价|促销价|券后价?|限时价|团购价)[^\\d\\n]{0,6}${AMOUNT}`, 'giu'),
    certainty: CERTAINTY.sellers,
  },
  {
    pattern: new RegExp(
      `(?:仅需|只要|只需|仅售|仅|原价|现价|立减|直降)\\s?[:：]?\\s?${AMOUNT}(?![\\d年月日个名人次步层分秒天小])`,
      'giu',
    ),
    certainty: CERTAINTY.reduced,
  },
  {
    pattern:
      /(?<![\d.])\d(?:\.\d)?\s?折(?![叠扣痕线断返磨射算旧])|\b\d{1,2}\s?%\s?(?:off|discount)\b|\b(?:only|just)\s+[$€£]\s?\d[\d,.]*|[$€£]\s?\d[\d,.]*\s+off\b/giu,
    certainty: CERTAINTY.reduced,
  },
  {
    pattern: /(?:[¥￥$€£₩₽₹฿]|us\$|hk\$|\b(?:rmb|cny|usd|eur|gbp))\s?\d[\d,.]*(?:\s?[万k])?/giu,
    certainty: CERTAINTY.price,
  },
  {
    pattern:
      /(?<![\d.])\d[\d,.]*\s?(?:元|块钱?|万起|美元|欧元|日元|港币|usd\b|eur\b|rub\b|руб\b|円|원)(?!素|旦|宵|器|年|件|组|首|老|帅|气|月|石|头|地|状)/giu,
    certainty: CERTAINTY.price,
  },
];

/** What only sellers write. */
const DEMAND =
  /立即(?:购买|下单|抢购|咨询)|马上(?:购买|下单|抢)|点击(?:购买|链接|下方)|抢购|秒杀|包邮|下单|拍下|特惠|限时(?:特价|优惠|抢购|折扣)|促销|买一送一|清仓|满\d+减\d+|优惠券|货到付款|购物车|直播间|buy (?:it )?now|order (?:now|today|yours)|shop now|subscribe now|limited[- ](?:time|offer)|special offer|free shipping|free delivery|call now|add to (?:cart|basket|bag)|(?:promo|discount|coupon|with|use) code|money[- ]back|buy (?:one|1) get|2 for 1|3 for 2|while stocks? lasts?|sale ends|ends (?:today|tonight|soon|sunday|monday)|today only/iu;

/** Prices and reductions. */
export function pricesIn(text: string): Find[] {
  return findForms('price', FORMS, text);
}

/** What was found in one picture, with its prices weighed as an offer where the picture makes one: it is often laid out over several boxes. */
export function weighPrices<T extends Find>(finds: readonly T[], texts: readonly string[]): T[] {
  const prices = finds.filter((find) => find.class === 'price');
  const isOffer =
    texts.some((text) => DEMAND.test(text)) ||
    finds.some((find) => find.class !== 'price' && find.certainty >= MIN_CONTACT) ||
    (prices.length > 1 && prices.some(({ certainty }) => certainty >= CERTAINTY.reduced));
  return finds.map((find) => (isOffer && find.class === 'price' ? { ...find, certainty: OFFER_CERTAINTY } : find));
}
