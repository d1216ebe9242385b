import type { MessageKey } from './messages.js';

/** Where a key means something; `everywhere` goes with all of them. */
export type KeyScope = 'everywhere' | 'queue' | 'task';

export interface KeyUse {
  scope: KeyScope;
  /** `KeyboardEvent.key`, in lower case. */
  keys: readonly string[];
  label: MessageKey;
}

/** Everything that a key does. Digits choose reasons while a decision is being made, and only then. */
export const KEYS = {
  help: { scope: 'everywhere', keys: ['?'], label: 'keys.help' },
  takeNext: { scope: 'everywhere', keys: ['n'], label: 'keys.takeNext' },
  goQueue: { scope: 'everywhere', keys: ['g'], label: 'keys.goQueue' },
  search: { scope: 'everywhere', keys: ['/'], label: 'keys.search' },
  down: { scope: 'queue', keys: ['j', 'arrowdown'], label: 'keys.down' },
  up: { scope: 'queue', keys: ['k', 'arrowup'], label: 'keys.up' },
  select: { scope: 'queue', keys: ['x'], label: 'keys.select' },
  undo: { scope: 'everywhere', keys: ['u'], label: 'keys.undo' },
  reveal: { scope: 'task', keys: ['v', ' '], label: 'keys.reveal' },
  keepShown: { scope: 'task', keys: ['w'], label: 'keys.keepShown' },
  play: { scope: 'task', keys: ['k'], label: 'keys.play' },
  mute: { scope: 'task', keys: ['m'], label: 'keys.mute' },
  back: { scope: 'task', keys: ['arrowleft'], label: 'keys.back' },
  forward: { scope: 'task', keys: ['arrowright'], label: 'keys.forward' },
  previousSpan: { scope: 'task', keys: ['['], label: 'keys.previousSpan' },
  nextSpan: { scope: 'task', keys: [']'], label: 'keys.nextSpan' },
  pass: { scope: 'task', keys: ['p'], label: 'keys.pass' },
  block: { scope: 'task', keys: ['b'], label: 'keys.block' },
  cancel: { scope: 'task', keys: ['escape'], label: 'keys.cancel' },
  note: { scope: 'task', keys: ['t'], label: 'keys.note' },
  claim: { scope: 'task', keys: ['c'], label: 'keys.claim' },
  escalate: { scope: 'task', keys: ['e'], label: 'keys.escalate' },
  release: { scope: 'task', keys: ['r'], label: 'keys.release' },
} as const satisfies Record<string, KeyUse>;
export type Action = keyof typeof KEYS;

/** The action of a key within one scope; `null`: it has none there. */
export function actionOf(key: string, scope: KeyScope): Action | null {
  const wanted = key.toLowerCase();
  for (const [action, use] of Object.entries(KEYS) as [Action, KeyUse][]) {
    if ((use.scope === scope || use.scope === 'everywhere') && use.keys.includes(wanted)) return action;
  }
  return null;
}

/** The place of a reason that a digit names, from 0: `1` is the first and `0` the tenth; `null` when it is none of `count`. */
export function reasonIndexOf(key: string, count: number): number | null {
  if (!/^\d$/.test(key)) return null;
  const index = key === '0' ? 9 : Number(key) - 1;
  return index < count ? index : null;
}

/** How a key is written on a keyboard. */
export function keyCap(key: string): string {
  const named: Record<string, string> = {
    ' ': 'Space',
    escape: 'Esc',
    arrowleft: '←',
    arrowright: '→',
    arrowup: '↑',
    arrowdown: '↓',
  };
  return named[key] ?? key.toUpperCase();
}
