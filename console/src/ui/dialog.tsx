import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useBase } from '../console.js';
import { Icon } from './icon.js';

/** A modal dialog while it is rendered: the browser keeps focus inside, and gives it back afterwards. */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { t } = useBase();
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      // Removed from the page, the dialog cannot give it back itself.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={props.wide === true ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={title}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="dialog__body">
        <header class="dialog__head">
          <h2 id={title}>{props.title}</h2>
          <button
            type="button"
            class="button button--quiet button--icon"
            aria-label={t('common.close')}
            onClick={() => element.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
