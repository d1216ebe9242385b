/** What a `Range` header asks for of a content, both ends included; `all`: all of it; `none`: nothing that there is. */
export type AskedRange = 'all' | 'none' | { from: number; to: number };

/**
 * What a `Range` header asks for (RFC 9110, 14.2). One range of bytes is understood; whatever else is there is passed over, as the standard allows.
 * @param sizeBytes of the whole content
 */
export function askedRange(header: string | undefined, sizeBytes: number): AskedRange {
  const asked = /^bytes=(?<first>\d*)-(?<last>\d*)$/i.exec(header?.trim() ?? '')?.groups;
  const [first = '', last = ''] = [asked?.['first'], asked?.['last']];
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'none' : { from: sizeBytes - length, to: sizeBytes - 1 };
  }
  const from = Number(first);
  const to = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < from) return 'all';
  return from >= sizeBytes ? 'none' : { from, to };
}
