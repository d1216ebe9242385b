/** Numbers, instants and durations as one language writes them. */
export interface Formats {
  number: (value: number, digits?: number) => string;
  /** Of a share, 0–1. */
  percent: (share: number, digits?: number) => string;
  /** Day and time of day, in the browser's time zone. */
  instant: (iso: string) => string;
  day: (iso: string) => string;
  /** Day and month of a date, `2026-11-03`. */
  dayAndMonth: (date: string) => string;
  /** `2 h 05 min`, `40 s`: two units at most. */
  duration: (seconds: number) => string;
  /** Position in a video: `1:02:03.4`; tenths only where `tenths`. */
  position: (seconds: number, tenths?: boolean) => string;
}

type Unit = 'day' | 'hour' | 'minute' | 'second';
const UNITS: readonly (readonly [Unit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** @param locale BCP 47 */
export function createFormats(locale: string): Formats {
  const instant = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const dayAndMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', timeZone: 'UTC' });
  const fixed = memo((digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  const percent = memo(
    (digits: number) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }),
  );
  const unit = memo(
    (name: Unit) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' }),
  );
  return {
    number: (value, digits = 0) => fixed(digits).format(value),
    percent: (share, digits = 0) => percent(digits).format(share),
    instant: (iso) => instant.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    dayAndMonth: (date) => dayAndMonth.format(new Date(date)),
    duration: (seconds) =>
      durationParts(seconds)
        .map(([name, count]) => unit(name).format(count))
        .join(' '),
    position,
  };
}

/** A duration in its two largest units, whole; of less than a minute seconds alone. */
export function durationParts(seconds: number): [Unit, number][] {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return [['second', 0]];
  let left = whole;
  return UNITS.slice(first, first + 2)
    .map(([name, size]): [Unit, number] => {
      const count = Math.floor(left / size);
      left -= count * size;
      return [name, count];
    })
    .filter(([, count], index) => index === 0 || count > 0);
}

function position(seconds: number, tenths = false): string {
  const all = Math.max(0, tenths ? Math.floor(seconds * 10 + 1e-6) / 10 : Math.floor(seconds + 1e-6));
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60)];
  const rest = (all % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function memo<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}
