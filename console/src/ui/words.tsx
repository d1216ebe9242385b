import type { JSX } from 'preact';
import type { Scene, Suggestion } from '../../../src/schema/scene.js';
import { useBase } from '../console.js';
import { Icon } from './icon.js';

/** A suggestion: its colour, its sign and its name. */
export function Word({ word }: { word: Suggestion }): JSX.Element {
  const { t } = useBase();
  return (
    <span class={`word word--${word}`}>
      <Icon name={word} />
      {t(`word.${word}`)}
    </span>
  );
}

export function Scenes({ scenes }: { scenes: readonly Scene[] }): JSX.Element {
  const { t } = useBase();
  return (
    <span class="chips">
      {scenes.map((scene) => (
        <span key={scene} class={`chip chip--${scene}`}>
          {t(`scene.${scene}`)}
        </span>
      ))}
    </span>
  );
}

/** How bad it is, 0–100: a bar and the number. */
export function Severity({ value }: { value: number }): JSX.Element {
  const grade = value >= 80 ? 'high' : value >= 50 ? 'middle' : 'low';
  return (
    <span class={`severity severity--${grade}`}>
      <svg class="severity__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="severity__ground" width="100" height="6" rx="3" />
        <rect class="severity__fill" width={Math.max(2, value)} height="6" rx="3" />
      </svg>
      <span class="number">{Math.round(value)}</span>
    </span>
  );
}

export function Key({ children }: { children: string }): JSX.Element {
  return <kbd class="key">{children}</kbd>;
}
