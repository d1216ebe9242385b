import type { CountsView } from '../../schema/console/queue.js';
import type { QueueEntry, ReviewQueue } from '../../store/review-queue.js';
import { countsView, mayKnow } from './queue-query.js';

/** How often the queue is looked at while somebody listens, in milliseconds. */
const LOOK_EVERY_MS = 1000;
/** Entries whose changes are told one by one: those at the front, which pages show. */
const MOST_WATCHED = 200;

/** Somebody who is told of changes. */
export interface Listener {
  name: string;
  /** `null`: of every project. */
  projects: readonly string[] | null;
  tell(event: 'counts' | 'queue', data: unknown): void;
}

/** What was seen at the last look, of one set of projects. */
interface Seen {
  counts: CountsView;
  entries: ReadonlyMap<string, QueueEntry>;
}

/** Tells listeners what changes in the queue. All who see the same projects share one look, and nobody looks while nobody listens. */
export class EventHub {
  private readonly listeners = new Set<Listener>();
  private readonly seen = new Map<string, Seen>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    private readonly queue: ReviewQueue,
    private readonly onError: (error: unknown) => void,
  ) {}

  get size(): number {
    return this.listeners.size;
  }

  /** How many of these listen. */
  countOf(name: string): number {
    return [...this.listeners].filter((listener) => listener.name === name).length;
  }

  /** From now on; the counts as of now come first. */
  add(listener: Listener): void {
    this.listeners.add(listener);
    const known = this.seen.get(keyOf(listener));
    if (known !== undefined) listener.tell('counts', known.counts);
    this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
    const keys = new Set([...this.listeners].map(keyOf));
    for (const key of this.seen.keys()) if (!keys.has(key)) this.seen.delete(key);
    if (this.listeners.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const [key, listeners] of this.groups()) await this.lookFor(key, listeners);
    } catch (error) {
      // The next look is a second away.
      this.onError(error);
    } finally {
      this.isLooking = false;
    }
  }

  private groups(): Map<string, Listener[]> {
    const groups = new Map<string, Listener[]>();
    for (const listener of this.listeners) {
      const key = keyOf(listener);
      groups.set(key, [...(groups.get(key) ?? []), listener]);
    }
    return groups;
  }

  private async lookFor(key: string, listeners: readonly Listener[]): Promise<void> {
    const projects = listeners[0]?.projects ?? null;
    const [counts, page] = await Promise.all([
      this.queue.counts(projects),
      this.queue.page({ projects, order: 'deadline', limit: MOST_WATCHED }),
    ]);
    const now = { counts: countsView(counts), entries: new Map(page.entries.map((entry) => [entry.taskId, entry])) };
    const before = this.seen.get(key);
    this.seen.set(key, now);
    const changed = before === undefined ? [] : changesBetween(before.entries, now.entries);
    const isRecounted = before === undefined || JSON.stringify(before.counts) !== JSON.stringify(now.counts);
    for (const listener of listeners) {
      const taskIds = changed.filter((entry) => mayKnow(listener, entry)).map(({ taskId }) => taskId);
      if (taskIds.length > 0) listener.tell('queue', { taskIds });
      if (isRecounted) listener.tell('counts', now.counts);
    }
  }
}

const keyOf = ({ projects }: Listener): string => JSON.stringify(projects);

/** Entries that came, went or are otherwise than before. */
function changesBetween(before: Seen['entries'], now: Seen['entries']): QueueEntry[] {
  const came = [...now.values()].filter((entry) => {
    const earlier = before.get(entry.taskId);
    return earlier === undefined || stateOf(earlier) !== stateOf(entry);
  });
  const went = [...before.values()].filter(({ taskId }) => !now.has(taskId));
  return [...came, ...went];
}

const stateOf = ({ step, level, claim }: QueueEntry): string => JSON.stringify([step, level, claim?.claimId]);
