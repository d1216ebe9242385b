import { findForms, type Find, type Form } from './find.js';

/** A price alone is in every other documentary, so that it reaches no review; a reduction is dearer to those who sell. */
const CERTAINTY = { price: 0.4, reduced: 0.6 } as const;
/** A price beside the demand to buy, or beside a way to do so. */
export const OFFER_CERTAINTY = 0.8;

const FORMS: readonly Form[] = [
  {
    pattern:
      /(?:仅需|只要|只需|仅售|现价|特价|秒杀价|到手价|促销价|抢购价|立减|直降|券后)\s?[:：]?\s?[¥￥$]?\s?\d[\d,.]*\s?(?:元|块)?/giu,
    certainty: CERTAINTY.reduced,
  },
  {
    pattern:
      /(?<![\d.])\d(?:\.\d)?\s?折(?![叠扣痕线断返磨射算旧])|\b\d{1,2}\s?%\s?(?:off|discount)\b|\bonly\s+[$€£]\s?\d[\d,.]*/giu,
    certainty: CERTAINTY.reduced,
  },
  {
    pattern: /(?:[¥￥$€£₩₽₹฿]|us\$|hk\$|\b(?:rmb|cny|usd|eur|gbp))\s?\d[\d,.]*(?:\s?[万k])?/giu,
    certainty: CERTAINTY.price,
  },
  {
    pattern:
      /(?<![\d.])\d[\d,.]*\s?(?:元|块钱|美元|欧元|日元|港币|usd\b|eur\b|rub\b|руб\b|円|원)(?!素|旦|宵|器|年|件|组|首|老|帅|气|月)/giu,
    certainty: CERTAINTY.price,
  },
];

/** What only sellers write. */
const DEMAND =
  /立即(?:购买|下单|抢购|咨询)|马上(?:购买|下单|抢)|点击(?:购买|链接|下方)|抢购|秒杀|包邮|下单|特惠|限时(?:特价|优惠|抢购|折扣)|促销|买一送一|清仓|满\d+减\d+|优惠券|货到付款|购物车|buy (?:it )?now|order (?:now|today|yours)|shop now|limited[- ](?:time|offer)|special offer|free shipping|free delivery|call now|add to cart|(?:promo|discount|coupon) code|use code|money[- ]back|buy (?:one|1) get|while stocks? lasts?|sale ends|today only/iu;

/** Prices and reductions. */
export function pricesIn(text: string): Find[] {
  return findForms('price', FORMS, text);
}

/** Whether somebody asks to buy. */
export function demandsToBuy(text: string): boolean {
  return DEMAND.test(text);
}
