import type { JSX } from 'preact';
import { useConsole } from './console.js';
import { Icon } from './ui/icon.js';

/** How much severe material the member has looked at in this shift, against what is good for them. */
export function ExposureMeter(): JSX.Element | null {
  const { session, t, format } = useConsole();
  const { seconds, budgetSeconds, shiftHours } = session.exposure;
  if (budgetSeconds === null && seconds < 1) return null;
  const share = budgetSeconds === null ? 0 : Math.min(1, seconds / Math.max(1, budgetSeconds));
  const text =
    budgetSeconds === null
      ? t('exposure.seen', { seen: format.duration(seconds), hours: shiftHours })
      : t('exposure.budget', {
          seen: format.duration(seconds),
          budget: format.duration(budgetSeconds),
          hours: shiftHours,
        });
  return (
    <span class={`exposure ${share >= 1 ? 'exposure--spent' : share >= 0.8 ? 'exposure--near' : ''}`} title={text}>
      <Icon name="eye" />
      <span class="visually-hidden">{text}</span>
      <span class="number" aria-hidden="true">
        {format.position(seconds)}
        {budgetSeconds !== null && <span class="dim"> / {format.position(budgetSeconds)}</span>}
      </span>
    </span>
  );
}
