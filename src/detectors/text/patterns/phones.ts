import { findForms, type Find, type Form } from './find.js';

/** How sure a form is: said to be a number, written with its country, in a form of one country only, in a form that other figures may have as well. */
const CERTAINTY = { said: 0.97, country: 0.9, national: 0.87, loose: 0.78 } as const;

/** Not within longer figures: dates, versions, scores, codes of goods. */
const BEFORE = '(?<![\\d+#])(?<!\\d[-.,:/])';
const AFTER =
  '(?!\\d)(?![-.,:/]\\d)(?!\\s?(?:%|views?\\b|plays?\\b|likes?\\b|km\\b|kg\\b|mb\\b|gb\\b|元|次|人|播放|阅读|公里))';
/** Words that say that a number follows which is none to dial. */
const OTHER_NUMBER =
  /(?:编号|编码|单号|订单|账号|卡号|号码牌|序列|备案|许可证|isbn|issn|serial|order|ticket|invoice|tracking|item|ref|barcode|id|no)\.?\s*(?:no\.?|number|#)?\s*[:：#=]?\s*$/i;

const CALLS =
  '(?:\\b(?:tel|ph|telephone|phone|call(?: us| now| me| today| free)?|hotline|helpline|mobile|cell|dial|sms|fax|mob)\\b\\.?(?: (?:on|at|no\\.?|number))?|电话|電話|热线|熱線|手机|手機|联系|聯繫|联络|咨询|諮詢|拨打|撥打|致电|订购|客服|тел\\.?|телефон|звоните|전화)(?:号码|方式|号|專線|专线)?';

const FORMS: readonly Form[] = [
  form(`${CALLS}\\s*[:：]?\\s*(\\+?\\(?\\d[\\d\\s().-]{5,20}\\d)`, CERTAINTY.said, 7, 13),
  form(`\\+\\s?[1-9]\\d{7,14}`, CERTAINTY.country, 8, 15),
  form(`\\+\\s?[1-9]\\d{0,2}(?:[ .()-]{1,2}\\d{1,6}){1,5}[ .()-]{1,2}\\d{2,5}`, CERTAINTY.country, 8, 15),
  // China: mobile, land line with area code, 400 and 800.
  form(`(?:86[- ]?)?1[3-9]\\d[- .]?\\d{4}[- .]?\\d{4}`, CERTAINTY.national, 11, 13),
  form(`\\(?0[1-9]\\d{1,2}(?:\\) ?|[- ])[2-8]\\d{3}[- ]?\\d{3,4}`, CERTAINTY.national, 10, 12),
  form(`[48]00[- ]\\d{3,4}[- ]?\\d{3,4}`, CERTAINTY.national, 10, 10),
  // North America, with the area code in parentheses or not; letters for digits as in 1-800-FLOWERS.
  form(
    `(?:1[-. ])?(?:\\([2-9]\\d{2}\\) ?[2-9]\\d{2}[-. ]|[2-9]\\d{2}[-.][2-9]\\d{2}[-.])\\d{4}`,
    CERTAINTY.national,
    10,
    11,
  ),
  {
    pattern: /(?<![\d-])1-8(?:00|88|77|66|55|44|33)-(?=[\dA-Z-]*[A-Z])[\dA-Z]{3,4}-?[\dA-Z]{3,5}(?![\w-])/g,
    certainty: CERTAINTY.national,
  },
  // Russia and its neighbours.
  form(`8[- ]?\\(?\\d{3}\\)?[- ]?\\d{3}[- ]\\d{2}[- ]\\d{2}`, CERTAINTY.national, 11, 11),
  // Elsewhere: a leading zero, and groups.
  form(`\\(?0\\d{1,4}\\)?[- ]\\d{2,4}[- ]\\d{3,4}`, CERTAINTY.loose, 10, 11),
  form(`\\(?0[1-9]\\d{1,3}\\)?[- ]\\d{5,7}`, CERTAINTY.loose, 10, 11),
  form(`00[- ]?[1-9]\\d{0,2}(?:[- ]\\d{2,5}){2,4}`, CERTAINTY.loose, 11, 16),
  form(`1[38]00[- ]\\d{3}[- ]\\d{3}`, CERTAINTY.loose, 10, 10),
  // Digits apart, in Chinese, or with letters that look like them.
  form(`1[ .*-][3-9](?:[ .*-]\\d){9}`, CERTAINTY.loose, 11, 11),
  {
    pattern:
      /(?<![一二三四五六七八九零〇十百千万亿])[一幺壹][三四五六七八九叁肆伍陆柒捌玖][一二三四五六七八九零〇幺壹贰叁肆伍陆柒捌玖]{9}(?![一二三四五六七八九零〇十百千万亿])/g,
    certainty: CERTAINTY.national,
  },
  { pattern: /(?<![\w.-])[1lI][3-9][\doOlI]{9}(?![\w.-])/g, certainty: CERTAINTY.loose, judge: misread },
  // Short numbers to write to.
  { pattern: /\b(?:text|sms|txt)\s+["']?[a-z0-9]{2,12}["']?\s+to\s+\d{4,6}(?!\d)/gi, certainty: CERTAINTY.national },
];

/** Telephone numbers. */
export function phonesIn(text: string): Find[] {
  return findForms('phone', FORMS, text);
}

/** A form of digits and what stands between them, with so many digits. */
function form(source: string, certainty: number, fewest: number, most: number): Form {
  const isSaid = certainty === CERTAINTY.said;
  return {
    pattern: new RegExp(isSaid ? `${source}${AFTER}` : `${BEFORE}${source}${AFTER}`, 'giu'),
    certainty,
    judge: (match) => {
      const digits = digitsOf(match[1] ?? match[0]);
      const before = match.input.slice(Math.max(0, match.index - 20), match.index);
      const isFigure = digits.length < fewest || digits.length > most || /0{6}$|^(\d)\1+$/.test(digits);
      return isFigure || OTHER_NUMBER.test(before) || isDates(match[1] ?? match[0]) ? 0 : certainty;
    },
    text: (match) => `${/\+/.test(match[0]) ? '+' : ''}${digitsOf(match[1] ?? match[0])}`,
  };
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** Years from one to another, a date, or a time: figures that follow `call` and `tel` as well. */
function isDates(text: string): boolean {
  return /^\s*(?:(?:19|20)\d\d\s?[-.–]\s?(?:(?:19|20)\d\d|\d{1,2}[-.]\d{1,2})|\d{1,2}[-.]\d{1,2}[-.](?:19|20)\d\d)\s*$/.test(
    text,
  );
}

function misread([whole]: RegExpExecArray): number {
  const digits = digitsOf(whole).length;
  return digits >= 7 && digits < 11 ? CERTAINTY.loose : 0;
}
