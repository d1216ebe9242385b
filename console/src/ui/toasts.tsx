import type { JSX } from 'preact';
import { useCallback, useRef, useState } from 'preact/hooks';
import type { ToastKind } from '../console.js';
import { Icon, type IconName } from './icon.js';

export interface Toast {
  id: number;
  kind: ToastKind;
  text: string;
}

const SHOWN_MS = 6000;
/** What has to be acted on stays longer. */
const WARNING_MS = 12_000;

export function useToasts(): [Toast[], (kind: ToastKind, text: string) => void] {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const add = useCallback((kind: ToastKind, text: string) => {
    last.current += 1;
    const id = last.current;
    setToasts((before) => [...before.slice(-3), { id, kind, text }]);
    setTimeout(
      () => {
        setToasts((before) => before.filter((toast) => toast.id !== id));
      },
      kind === 'warning' ? WARNING_MS : SHOWN_MS,
    );
  }, []);
  return [toasts, add];
}

const ICONS: Record<ToastKind, IconName> = { info: 'check', pass: 'pass', block: 'block', warning: 'warning' };

/** Outcomes in passing; the region is always there, so that what is added is read out. */
export function Toasts({ toasts }: { toasts: Toast[] }): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <p key={toast.id} class={`toast toast--${toast.kind}`}>
          <Icon name={ICONS[toast.kind]} />
          {toast.text}
        </p>
      ))}
    </div>
  );
}
