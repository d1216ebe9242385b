/** `1 sample`, `2 samples`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A stretch of time for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${(Math.round(seconds * 10) / 10).toString()} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return parts(minutes, 'min', whole % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? parts(hours, 'h', minutes % 60, 'min') : parts(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Since when, in one unit: `4 min`. `now` in milliseconds since 1970. */
export function age(instant: string, now: number): string {
  return duration(Math.max(0, now - Date.parse(instant)) / 1000).replace(/^(\d+ (?:min|h|d)) .*/, '$1');
}

function parts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A speed in at most four characters: `0.04`, `9.5`, `120`. */
export function speed(perSecond: number): string {
  if (perSecond < 0.095) return perSecond.toFixed(2);
  return perSecond < 9.95 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

/** A score from 0 to 1 with two decimals, never rounded up to a threshold that it does not reach: 0.849 is `0.84`. */
export function score(value: number): string {
  // The tiny addend undoes what 0.29 × 100 = 28.999… does.
  return (Math.floor(value * 100 + 1e-6) / 100).toFixed(2);
}
