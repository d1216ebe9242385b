import { useCallback, useEffect, useState } from 'preact/hooks';
import { formatRoute, parseRoute, type Page, type Route } from './route.js';

/** Leads to a page; `replace` leaves no entry in the browser's history. */
export type Go = (page: Page, id?: string, query?: Record<string, string>, replace?: boolean) => void;

/** What the address names, now and whenever it changes; and how to change it. */
export function useRoute(): [Route, Go] {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => {
      setRoute(parseRoute(location.hash));
    };
    addEventListener('hashchange', changed);
    return () => {
      removeEventListener('hashchange', changed);
    };
  }, []);
  const go = useCallback<Go>((page, id = '', query = {}, replace = false) => {
    const hash = formatRoute(page, id, query);
    if (hash === location.hash) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', hash);
    // At once, as no event tells of it: what is typed or chosen next goes on from here, and takes nothing back.
    setRoute(parseRoute(hash));
  }, []);
  return [route, go];
}
