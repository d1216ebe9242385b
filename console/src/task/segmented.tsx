import type { JSX } from 'preact';
import { useBase } from '../console.js';
import { Icon } from '../ui/icon.js';
import type { Word } from './draft.js';

/** Pass or block of one scene or stretch. */
export function Segmented(props: {
  label: string;
  value: Word | null;
  disabled: boolean;
  onChoose: (word: Word) => void;
}): JSX.Element {
  const { t } = useBase();
  return (
    <span class="segments segments--words" role="group" aria-label={props.label}>
      {(['pass', 'block'] as const).map((word) => (
        <button
          key={word}
          type="button"
          class={`segments__${word}`}
          aria-pressed={props.value === word}
          disabled={props.disabled}
          onClick={() => {
            props.onChoose(word);
          }}
        >
          <Icon name={word} />
          {t(`word.${word}`)}
        </button>
      ))}
    </span>
  );
}
