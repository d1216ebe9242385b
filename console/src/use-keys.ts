import { useLayoutEffect, useRef } from 'preact/hooks';
import { actionOf, type Action, type KeyScope } from './keys.js';

type Handler = (event: KeyboardEvent) => void;

const TYPES_TEXT = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, select';
const USES_ARROWS = '[role=slider], input[type=range], input[type=radio]';
const USES_SPACE = 'button, summary, input';

/** Whether a key belongs to what is focused and not to the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const { target, key } = event;
  if (!(target instanceof Element)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  if (target.closest(TYPES_TEXT) !== null) return key !== 'Escape';
  if (key.startsWith('Arrow')) return target.closest(USES_ARROWS) !== null;
  return key === ' ' && target.closest(USES_SPACE) !== null;
}

/** Does what keys stand for while the component is there. `any` is asked first and answers whether it used the key. */
export function useKeys(
  scope: KeyScope,
  handlers: Partial<Record<Action, Handler>>,
  any?: (event: KeyboardEvent) => boolean,
): void {
  // The listener stays the same while handlers change with every rendering.
  const latest = useRef({ handlers, any });
  latest.current = { handlers, any };
  // Before anything is painted: what is seen with its key beside it can be pressed.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event)) return;
      if (latest.current.any?.(event) === true) {
        event.preventDefault();
        return;
      }
      const action = actionOf(event.key, scope);
      const handler = action === null ? undefined : latest.current.handlers[action];
      if (handler === undefined) return;
      event.preventDefault();
      handler(event);
    };
    document.addEventListener('keydown', pressed);
    return () => {
      document.removeEventListener('keydown', pressed);
    };
  }, [scope]);
}
