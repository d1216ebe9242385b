import type { JSX } from 'preact';
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
        value={value}
        onChange={(event) => {
          if (Number.isFinite(event.currentTarget.valueAsNumber)) onChange(event.currentTarget.valueAsNumber);
        }}
      />
      <span class="threshold__was number">{isChanged && t('whatIf.was', { value: format.number(was, 2) })}</span>
    </div>
  );
}
