import { useEffect, useState } from 'preact/hooks';
import type { MemberSettings } from '../../../src/schema/member.js';
import { actionOf } from '../keys.js';

export interface Veil {
  /** Whether material is seen as it is. */
  isRevealed: boolean;
  isKept: boolean;
  hold: (isHeld: boolean) => void;
  keep: (isKept: boolean) => void;
  /** Classes of what is veiled. */
  className: string;
}

/** Hides material for as long as nobody holds a key: blurred and grey, as the member's settings say. */
export function useVeil({ blur, greyscale }: MemberSettings): Veil {
  const [isHeld, hold] = useState(false);
  const [isKept, keep] = useState(false);
  useEffect(() => {
    const released = (event: KeyboardEvent) => {
      if (actionOf(event.key, 'task') === 'reveal') hold(false);
    };
    // The key is let go elsewhere: nobody would tell.
    const left = () => {
      hold(false);
    };
    document.addEventListener('keyup', released);
    addEventListener('blur', left);
    document.addEventListener('visibilitychange', left);
    return () => {
      document.removeEventListener('keyup', released);
      removeEventListener('blur', left);
      document.removeEventListener('visibilitychange', left);
    };
  }, []);
  const isRevealed = isHeld || isKept || (!blur && !greyscale);
  const className = isRevealed ? '' : `${blur ? 'veil--blur' : ''} ${greyscale ? 'veil--grey' : ''}`;
  return { isRevealed, isKept, hold, keep, className };
}
