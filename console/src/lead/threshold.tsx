import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console.js';
import { HIGHEST, LOWEST, type ThresholdName } from './edit-policy.js';

/** One threshold: a slider, and a field for who knows the number. */
export function Threshold(props: {
  name: ThresholdName;
  label: string;
  value: number;
  was: number | null;
  onChange: (value: number) => void;
}): JSX.Element {
  const { t, format } = useConsole();
  const { name, label, value, was, onChange } = props;
  /** While a number is being typed, which the page may be drawn again meanwhile; `null`: nothing is. */
  const [typed, setTyped] = useState<string | null>(null);
  const isChanged = was !== null && was !== value;
  return (
    <div class={`threshold threshold--${name}`}>
      <span class="threshold__name">{t(`whatIf.${name}`)}</span>
      <input
        type="range"
        aria-label={label}
        min={LOWEST}
        max={HIGHEST}
        step={0.01}
        value={value}
        onInput={(event) => {
          onChange(event.currentTarget.valueAsNumber);
        }}
      />
      <input
        type="number"
        class="number"
        aria-label={label}
        min={LOWEST}
        max={HIGHEST}
        step={0.01}
        value={typed ?? value}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onBlur={() => {
          setTyped(null);
        }}
        onChange={(event) => {
          setTyped(null);
          if (Number.isFinite(event.currentTarget.valueAsNumber)) onChange(event.currentTarget.valueAsNumber);
        }}
      />
      <span class="threshold__was number">{isChanged && t('whatIf.was', { value: format.number(was, 2) })}</span>
    </div>
  );
}
