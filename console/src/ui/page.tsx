import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useBase } from '../console.js';

/** The heading of a page: names the window, and takes focus when the page comes. */
export function PageHead(props: { title: string; children?: ComponentChildren; focusKey?: string }): JSX.Element {
  const { t } = useBase();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
  }, [props.title]);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [props.focusKey]);
  return (
    <header class="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      {props.children}
    </header>
  );
}
