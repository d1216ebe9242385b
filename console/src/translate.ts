/** A text with placeholders in braces; where a number changes its form, one for each that the language has. */
export type Message = string | { one: string; other: string };

export type Values = Readonly<Record<string, string | number>>;

/** The text with its values filled in; `count` chooses the form. Numbers are written as the language writes them. */
export function fill(message: Message, values: Values, locale: string): string {
  const text = typeof message === 'string' ? message : message[formOf(Number(values['count']), locale)];
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? numberFormat(locale).format(value) : value;
  });
}

/** Names of the placeholders of a message, sorted. */
export function placeholdersOf(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : [message.one, message.other];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)))].sort();
}

const plurals = new Map<string, Intl.PluralRules>();
function formOf(count: number, locale: string): 'one' | 'other' {
  let rules = plurals.get(locale);
  if (rules === undefined) plurals.set(locale, (rules = new Intl.PluralRules(locale)));
  return rules.select(count) === 'one' ? 'one' : 'other';
}

const numbers = new Map<string, Intl.NumberFormat>();
function numberFormat(locale: string): Intl.NumberFormat {
  let format = numbers.get(locale);
  if (format === undefined) numbers.set(locale, (format = new Intl.NumberFormat(locale)));
  return format;
}
