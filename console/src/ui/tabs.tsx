import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

export interface Tab {
  id: string;
  title: string;
  /** Shown beside the title. */
  count?: number;
  body: ComponentChildren;
}

/** Tabs as readers know them: one stop for the tab key, arrows between them. */
export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }): JSX.Element {
  const [chosen, setChosen] = useState(tabs[0]?.id ?? '');
  const list = useRef<HTMLDivElement>(null);
  const base = useId();
  const at = Math.max(
    0,
    tabs.findIndex(({ id }) => id === chosen),
  );
  const current = tabs[at];
  const move = (index: number) => {
    const next = tabs[(index + tabs.length) % tabs.length];
    if (next === undefined) return;
    setChosen(next.id);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${base}-${next.id}`)}`)?.focus();
  };
  return (
    <div class="tabs">
      <div
        ref={list}
        class="tabs__list"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          const moves: Record<string, number> = {
            ArrowRight: at + 1,
            ArrowLeft: at - 1,
            Home: 0,
            End: tabs.length - 1,
          };
          const to = moves[event.key];
          if (to === undefined) return;
          event.preventDefault();
          move(to);
        }}
      >
        {tabs.map(({ id, title, count }) => (
          <button
            key={id}
            id={`${base}-${id}`}
            type="button"
            role="tab"
            class="tabs__tab"
            aria-selected={id === current?.id}
            aria-controls={`${base}-panel`}
            tabIndex={id === current?.id ? 0 : -1}
            onClick={() => {
              setChosen(id);
            }}
          >
            {title}
            {count !== undefined && <span class="tabs__count number">{count}</span>}
          </button>
        ))}
      </div>
      <div
        id={`${base}-panel`}
        class="tabs__panel"
        role="tabpanel"
        aria-labelledby={`${base}-${current?.id ?? ''}`}
        tabIndex={0}
      >
        {current?.body}
      </div>
    </div>
  );
}
