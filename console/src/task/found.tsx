import type { JSX } from 'preact';
import type { FrameView } from '../../../src/schema/console/task.js';
import { useBase } from '../console.js';

/** What was found on a frame, in words: class and score, what is written there, what it equals. */
export function Found({ found }: { found: FrameView['found'] }): JSX.Element {
  const { t, format } = useBase();
  const ordered = found.toSorted((one, two) => two.score - one.score);
  return (
    <ul class="found">
      {ordered.map((one, index) => (
        <li key={index}>
          <span class={`found__class found__class--${one.scene}`}>
            {one.class} <b class="number">{format.number(one.score, 2)}</b>
          </span>
          <span class="dim">{one.detector}</span>
          {one.text !== null && <q class="found__text">{one.text}</q>}
          {one.match !== null && (
            <span class="found__match">
              {t('found.match', { bank: one.match.bank, entry: one.match.entry, distance: one.match.distance })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
