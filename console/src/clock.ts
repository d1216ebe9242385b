/** A number that changes many times a second, for those few who follow it: the rest of the page is not drawn again. */
export interface Clock {
  get: () => number;
  set: (value: number) => void;
  /** Returns what ends it. */
  follow: (listener: (value: number) => void) => () => void;
}

export function createClock(): Clock {
  let current = 0;
  const listeners = new Set<(value: number) => void>();
  return {
    get: () => current,
    set(value) {
      if (value === current) return;
      current = value;
      for (const listener of listeners) listener(value);
    },
    follow(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
