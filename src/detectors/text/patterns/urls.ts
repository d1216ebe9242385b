import { findForms, type Find, type Form } from './find.js';
import { FIRM_DOMAINS, NO_ADDRESSES, WORD_DOMAINS } from './top-level-domains.js';

/**
 * With the confidence of reading (0.9 and more where people can read it) these reach a review threshold of 0.7; a bare name of words, which a missing space between
 * sentences makes, too, does not.
 */
const CERTAINTY = { scheme: 0.97, www: 0.97, path: 0.92, bare: 0.87, spelled: 0.87, mail: 0.82, words: 0.6 } as const;

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const PATH = '(?:/[^\\s，。）】」]*)?';

const FORMS: readonly Form[] = [
  // Readers put spaces behind points and slashes.
  { pattern: /\bhttps?\s?:\s?\/\s?\/\s?[^\s，。）】」]{4,}/gi, certainty: CERTAINTY.scheme, text: address },
  {
    pattern: new RegExp(`\\bwww\\s?[.,]\\s?(?:${LABEL}\\s?[.,]\\s?){1,4}[a-z]{2,12}(?![a-z])${PATH}`, 'gi'),
    certainty: CERTAINTY.www,
    text: address,
  },
  {
    pattern: new RegExp(`[a-z0-9][\\w.+-]{0,63}@(?:${LABEL}\\.){1,4}([a-z]{2,12})(?![\\w-])`, 'gi'),
    certainty: CERTAINTY.mail,
    judge: mail,
  },
  {
    pattern: new RegExp(
      `(?<![\\w@.-])((?:${LABEL}\\.){1,4})([a-z]{2,12})(?![\\w-]|\\.[a-z0-9])(?::\\d{2,5})?${PATH}`,
      'gi',
    ),
    certainty: CERTAINTY.bare,
    judge: bare,
    text: address,
  },
  { pattern: /(?<![\p{L}\w@.-])[а-яё0-9][а-яё0-9-]{1,62}\.рф(?![\p{L}\w-])/giu, certainty: CERTAINTY.bare },
  {
    pattern:
      /(?<![\w@.-])[a-z0-9][a-z0-9-]{1,62}(?: ?[([{] ?(?:dot|d0t|\.|点|點) ?[)\]}] ?| (?:dot|d0t) | ?[点點。·•] ?| \. )(?:com|net|org|info|cn|cc|ru|de|uk|xyz|top|vip|io|tv|me|club|shop|online|site)(?![\w-]|\.[a-z])/gi,
    certainty: CERTAINTY.spelled,
    text: spelledOut,
  },
];

/** Web and mail addresses, also with the point spelled out. */
export function urlsIn(text: string): Find[] {
  return findForms('url', FORMS, text);
}

function mail([, top = '']: RegExpExecArray): number {
  const ending = top.toLowerCase();
  return FIRM_DOMAINS.has(ending) || WORD_DOMAINS.has(ending) ? CERTAINTY.mail : 0;
}

function bare(match: RegExpExecArray): number {
  const [whole, names = '', top = ''] = match;
  const ending = top.toLowerCase();
  const host = `${names}${ending}`.toLowerCase();
  if (NO_ADDRESSES.has(host)) return 0;
  const hasPath = whole.includes('/') && !whole.endsWith('/');
  const isFirm = FIRM_DOMAINS.has(ending);
  if (!isFirm && !WORD_DOMAINS.has(ending)) return 0;
  // One letter before the point is an initial, unless a path follows.
  if (/^[a-z]\.$/i.test(names)) return hasPath ? CERTAINTY.path : 0;
  // Figures with a unit behind the point are no names: 3.5.in
  if (/^[\d.]+$/.test(names) && !isFirm) return 0;
  if (hasPath) return CERTAINTY.path;
  if (isFirm) return CERTAINTY.bare;
  return /\d|[a-z]-[a-z]/i.test(names) ? CERTAINTY.bare : CERTAINTY.words;
}

function address([whole]: RegExpExecArray): string {
  return whole
    .replace(/^www[^/]*/i, (host) => host.replaceAll(',', '.'))
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .replace(/[.,;:!?'")\]]+$/, '');
}

function spelledOut([whole]: RegExpExecArray): string {
  return whole.toLowerCase().replace(/ ?[([{]? ?(?:dot|d0t|\.|点|點|。|·|•) ?[)\]}]? ?(?=[a-z]+$)/, '.');
}
