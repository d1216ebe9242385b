import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CountsView } from '../../src/schema/console/queue.js';
import type { SessionView } from '../../src/schema/console/session.js';
import type { Api } from './api.js';
import type { Formats } from './formats.js';
import type { Language, MessageKey } from './messages.js';
import type { Outbox, Outcome, Outgoing } from './outbox.js';
import type { Undoable } from './queue/undo-bar.js';
import type { Route } from './route.js';
import type { Values } from './translate.js';
import type { Go } from './use-route.js';

export type Translate = (key: MessageKey, values?: Values) => string;
export type ToastKind = 'info' | 'pass' | 'block' | 'warning';

/** What every page can use, whether somebody is signed in or not. */
export interface Base {
  api: Api;
  t: Translate;
  format: Formats;
  language: Language;
  route: Route;
  go: Go;
  /** Says something in passing: shown for a while, and read out. */
  toast: (kind: ToastKind, text: string) => void;
  /** A sentence about what went wrong. */
  explain: (error: unknown) => string;
}

/** What pages can use of somebody who is signed in. */
export interface Console extends Base {
  session: SessionView;
  /** Changes the session as it is by then; nothing, once nobody is signed in. */
  changeSession: (change: (session: SessionView) => SessionView) => void;
  /** `null` until the service has sent them. */
  counts: CountsView | null;
  isOnline: boolean;
  outbox: Outbox;
  /** Calls back about every decision that was answered; returns what ends it. */
  onOutcome: (listener: (entry: Outgoing, outcome: Outcome) => void) => () => void;
  /** Calls back with ids of tasks whose place in the queue changed; returns what ends it. */
  onQueue: (listener: (taskIds: string[]) => void) => () => void;
  /** Takes the next task of the queue, by the filters in force, and leads to it. */
  takeNext: () => Promise<void>;
  /** Lets several decisions be taken back for a while, wherever the member goes. */
  offerUndo: (undoable: Undoable) => void;
}

export const BaseContext = createContext<Base | null>(null);
export const ConsoleContext = createContext<Console | null>(null);

export function useBase(): Base {
  const base = useContext(BaseContext);
  if (base === null) throw new Error('Expected to be used below App.');
  return base;
}

export function useConsole(): Console {
  const desk = useContext(ConsoleContext);
  if (desk === null) throw new Error('Expected to be used by somebody who is signed in.');
  return desk;
}
