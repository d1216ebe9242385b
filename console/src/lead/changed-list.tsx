import type { JSX } from 'preact';
import type { Policy } from '../../../src/schema/policy.js';
import { useConsole } from '../console.js';
import { changedThresholds } from './edit-policy.js';

/** Which thresholds were moved, from where to where. */
export function ChangedList({ before, policy }: { before: Policy; policy: Policy }): JSX.Element {
  const { t, format } = useConsole();
  return (
    <ul class="changes">
      {changedThresholds(before, policy).map(({ scene, detector, name, from, to }) => (
        <li key={`${scene} ${detector} ${name}`}>
          {t(`scene.${scene}`)} · {detector} · {t(`whatIf.${name}`)}{' '}
          <span class="number">
            {from === null ? '–' : format.number(from, 2)} → {to === null ? '–' : format.number(to, 2)}
          </span>
        </li>
      ))}
    </ul>
  );
}
