/** Pages of the console. They stand in the fragment of the address, so that ids and one-time secrets never reach a server's log. */
export const PAGES = [
  'queue',
  'tasks',
  'task',
  'lead',
  'what-if',
  'audit',
  'members',
  'settings',
  'link',
  'sign-in',
] as const;
export type Page = (typeof PAGES)[number];

/** What the address names. */
export interface Route {
  page: Page;
  /** TaskId of `task`, secret of `link`, why a provider's sign-in was refused of `sign-in`; empty otherwise. */
  id: string;
  /** Filters and the like. */
  query: Record<string, string>;
}

const PLAIN: ReadonlySet<string> = new Set(['queue', 'tasks', 'lead', 'what-if', 'audit', 'members', 'settings']);

/** The route of a fragment, `#/tasks/VideoModeration-1`; what is not known leads to the queue. */
export function parseRoute(fragment: string): Route {
  const [path = '', search = ''] = fragment.replace(/^#?\/?/, '').split('?', 2);
  const [first = '', second = ''] = path.split('/');
  const query = Object.fromEntries(new URLSearchParams(search));
  const id = decoded(second);
  if (first === 'tasks' && id !== '') return { page: 'task', id, query };
  if (first === 'join' && id !== '') return { page: 'link', id, query };
  if (first === 'sign-in') return { page: 'sign-in', id, query };
  return { page: PLAIN.has(first) ? (first as Page) : 'queue', id: '', query };
}

/** The fragment of a route; empty values of the query are left out. */
export function formatRoute(page: Page, id = '', query: Record<string, string> = {}): string {
  const path =
    page === 'task' ? `tasks/${encodeURIComponent(id)}` : page === 'link' ? `join/${encodeURIComponent(id)}` : page;
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams(given).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not made by us: then there is nothing of that name.
    return '';
  }
}
