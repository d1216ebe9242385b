/*
 * Domains that addresses in videos end in. All are in the root zone of IANA; of its 1,400 these are the largest by the Domain Name Industry Brief of Verisign (com,
 * net, org and the country codes) and those most often abused by the statistics of Spamhaus (the newer generic ones, cc, tk and their like). Endings that are names of
 * files as well (py, sh, md, rs, zip, mov) are left out.
 */

/** No word that a sentence could begin with: enough for an address without `www` or a path. */
export const FIRM_DOMAINS: ReadonlySet<string> = new Set(
  (
    'com net org info biz edu gov mobi asia cn de uk ru nl br fr au eu pl ca jp kr tw hk sg ua ir es ch se dk fi cz pt mx ar vn tr kz by ' +
    'nz za ee lv lt sk si hr bg ge gr ro hu il ae sa eg ng ke ph my pk bd cc tv io ai gg ly su ws vc tk ml ga cf gq pw xyz top vip icu cyou sbs wang xin'
  ).split(' '),
);

/** Words as well (`Eat.Shop.Live`): an address only with `www`, a path, or a name with a digit or a hyphen. */
export const WORD_DOMAINS: ReadonlySet<string> = new Set(
  (
    'in it us me to so no be is at co id th am fm one shop online site store club app live bond click link win bet casino cash loan ' +
    'work fun space website tech dev pro life world today news art studio film video show red ren ink ltd group fit run love game games poker'
  ).split(' '),
);

/** Names of programs that only look like addresses. */
export const NO_ADDRESSES: ReadonlySet<string> = new Set([
  'asp.net',
  'ado.net',
  'vb.net',
  'ml.net',
  'paint.net',
  'system.io',
]);
