import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useBase } from '../console.js';
import { Icon } from './icon.js';

/** What somebody types into or chooses from. */
const FIELDS = 'textarea, select, input';

/** A modal dialog while it is rendered: the browser keeps focus inside, from the first field on, and gives it back afterwards. */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { t } = useBase();
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  // Before anything is painted: a key that follows at once must not reach the page behind it.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // The browser would give it to the button that closes: a space among what is typed would press it, and the rest would be keys of the page.
    (dialog?.querySelector<HTMLElement>(FIELDS) ?? dialog?.querySelector('h2'))?.focus();
    return () => {
      // While it is closed the browser gives focus back, removed from the page it could not. Closed before, it has done so, and focus may be elsewhere by now.
      dialog?.close();
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
          <h2 id={title} tabIndex={-1}>
            {props.title}
          </h2>
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
