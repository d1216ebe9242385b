import type { DecisionUse, DecisionView, EscalationUse } from '../../src/schema/console/queue.js';

/** Something that a person has decided and that the service has not answered yet. */
export type Outgoing = {
  taskId: string;
  /** What people know the task by. */
  name: string;
} & ({ kind: 'decide'; body: DecisionUse } | { kind: 'escalate'; body: EscalationUse });

/** What became of it. */
export type Outcome =
  | { state: 'answered'; answer: Exclude<DecisionView, { outcome: 'pending' }> }
  /** Nobody answered yet, or the network is down: it is sent again. */
  | { state: 'pending' }
  /** It will never be applied. */
  | { state: 'refused'; error: Error };

/** The part of a browser's storage that is needed. */
export interface Keep {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
}

export interface OutboxPorts {
  /** Whose decisions they are: those of somebody else who used the same window are left alone. */
  owner: string;
  keep: Keep;
  /** @throws whatever `isTemporary` is asked about */
  send: (entry: Outgoing) => Promise<DecisionView>;
  /** Whether it may be answered another time. */
  isTemporary: (error: unknown) => boolean;
  /** Calls back after so many milliseconds. */
  later: (ms: number, call: () => void) => void;
  /** Told of every change. */
  changed: (entry: Outgoing, outcome: Outcome) => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** Name of an entry: the id that makes the service apply it once, however often it is sent. */
export const outgoingId = (entry: Outgoing): string =>
  entry.kind === 'decide' ? entry.body.decisionId : entry.body.escalationId;

/**
 * Decisions on their way. An entry is written down before it is sent, is sent again under the same id until it is answered, and outlives a
 * reload of the page. It leaves with an answer or a refusal, and not before.
 */
export interface Outbox {
  /** Writes the entry down and sends it. */
  post: (entry: Outgoing) => Promise<Outcome>;
  /** What is not answered, the oldest first. */
  waiting: () => Outgoing[];
  /** Sends what an earlier page left. */
  resume: () => void;
  /** Sends at once what waits to be sent again: the network is back. */
  hurry: () => void;
  /** Sends nothing more by itself: whose it is has signed out. */
  close: () => void;
}

export function createOutbox({ owner, keep, send, isTemporary, later, changed }: OutboxPorts): Outbox {
  const key = `framewarden.outbox.${owner}`;
  let isClosed = false;
  const flying = new Set<string>();
  const waits = new Map<string, number>();

  function waiting(): Outgoing[] {
    try {
      const kept: unknown = JSON.parse(keep.getItem(key) ?? '[]');
      return Array.isArray(kept) ? (kept as Outgoing[]) : [];
    } catch {
      // Not written by this release: there is nothing that could be sent.
      return [];
    }
  }
  const store = (entries: Outgoing[]) => {
    keep.setItem(key, JSON.stringify(entries));
  };
  const remove = (entry: Outgoing) => {
    store(waiting().filter((other) => outgoingId(other) !== outgoingId(entry)));
    waits.delete(outgoingId(entry));
  };

  async function attempt(entry: Outgoing): Promise<Outcome> {
    const id = outgoingId(entry);
    if (flying.has(id)) return { state: 'pending' };
    flying.add(id);
    const outcome = await outcomeOf(entry);
    flying.delete(id);
    if (outcome.state === 'pending') {
      const wait = waits.get(id) ?? FIRST_WAIT_MS;
      waits.set(id, Math.min(wait * 2, LONGEST_WAIT_MS));
      later(wait, () => {
        if (!isClosed && waiting().some((other) => outgoingId(other) === id)) void attempt(entry);
      });
    } else {
      remove(entry);
    }
    changed(entry, outcome);
    return outcome;
  }

  async function outcomeOf(entry: Outgoing): Promise<Outcome> {
    try {
      const answer = await send(entry);
      return answer.outcome === 'pending' ? { state: 'pending' } : { state: 'answered', answer };
    } catch (error) {
      if (isTemporary(error)) return { state: 'pending' };
      return { state: 'refused', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  return {
    post(entry) {
      store([...waiting().filter((other) => outgoingId(other) !== outgoingId(entry)), entry]);
      return attempt(entry);
    },
    waiting,
    resume() {
      for (const entry of waiting()) void attempt(entry);
    },
    hurry() {
      waits.clear();
      for (const entry of waiting()) void attempt(entry);
    },
    close() {
      isClosed = true;
    },
  };
}
