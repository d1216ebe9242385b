import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useBase } from '../console.js';

/** The frame of what is to be seen before signing in. */
export function Gate(props: { title: string; children: ComponentChildren }): JSX.Element {
  const { t } = useBase();
  useEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
  }, [props.title]);
  return (
    <main class="gate">
      <div class="gate__card">
        <div class="gate__brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M9 23V9h14M9 16h10" />
            <circle cx="22.5" cy="22" r="2.6" />
          </svg>
          framewarden
        </div>
        <h1>{props.title}</h1>
        {props.children}
      </div>
    </main>
  );
}
