import { useEffect, useState } from 'preact/hooks';
import type { Clock } from '../clock.js';

/** The value of a clock; draws the component again with every change. */
export function useClock(clock: Clock): number {
  const [value, setValue] = useState(clock.get());
  useEffect(() => {
    setValue(clock.get());
    return clock.follow(setValue);
  }, [clock]);
  return value;
}
