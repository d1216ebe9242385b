/**
 * Whether `text` fits `pattern`, in which `*` stands for any run of characters, also none, and, when `single` is given, that sign for exactly one.
 * Takes at most pattern × text steps: patterns come from people, and a regular expression can be made to take for ever.
 */
export function fitsWildcard(pattern: string, text: string, single: '?' | null = null): boolean {
  let [p, t] = [0, 0];
  /** Behind the latest `*`, and the place in the text that it has swallowed up to. */
  let [star, swallowed] = [-1, 0];
  while (t < text.length) {
    const sign = pattern[p];
    if (sign === '*') {
      star = ++p;
      swallowed = t;
    } else if (sign !== undefined && (sign === text[t] || sign === single)) {
      p++;
      t++;
    } else if (star !== -1) {
      p = star;
      t = ++swallowed;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * Whether a resource name fits a pattern: part by part, so that a `*` never reaches from the account into the path behind it.
 * The last part is what follows the fourth colon, with all colons of its own.
 */
export function fitsResource(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [partsOf(pattern), partsOf(resource)];
  return wanted.length === given.length && wanted.every((part, index) => fitsWildcard(part, given[index] ?? ''));
}

function partsOf(name: string): string[] {
  const parts = name.split(':');
  return [...parts.slice(0, 4), parts.slice(4).join(':')];
}
