import { useCallback, useEffect, useState } from 'preact/hooks';
import { isAborted } from './api.js';

export interface Loaded<T> {
  /** The latest answer; stays while it is asked for anew. */
  data: T | null;
  /** Why there is no answer, or none newer. */
  error: unknown;
  isLoading: boolean;
  /** Asks again. */
  reload: () => void;
  /** Puts something newer in its place. */
  set: (data: T) => void;
}

/** Asks when the component comes and whenever `key` changes; an answer that is no longer wanted is dropped. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: unknown; isLoading: boolean }>({
    key,
    data: null,
    error: null,
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    load(control.signal).then(
      (data) => {
        if (!control.signal.aborted) setState({ key, data, error: null, isLoading: false });
      },
      (error: unknown) => {
        if (!control.signal.aborted && !isAborted(error))
          setState((before) => ({ key, data: before.key === key ? before.data : null, error, isLoading: false }));
      },
    );
    return () => {
      control.abort();
    };
  }, [key, turn]);
  const reload = useCallback(() => {
    setTurn((before) => before + 1);
  }, []);
  const set = useCallback(
    (data: T) => {
      setState({ key, data, error: null, isLoading: false });
    },
    [key],
  );
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload, set };
}
