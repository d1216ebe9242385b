import type { JSX } from 'preact';
import { useBase } from '../console.js';
import { useNow } from '../use-now.js';

/** How long ago something was; the instant itself on pointing at it. */
export function Since({ iso }: { iso: string }): JSX.Element {
  const { format } = useBase();
  const now = useNow(10_000);
  return (
    <time class="number" dateTime={iso} title={format.instant(iso)}>
      {format.duration((now - Date.parse(iso)) / 1000)}
    </time>
  );
}

/** How long until something happens; marked as urgent from `urgentS` before on, and once it is over. */
export function Until({ iso, urgentS = 900 }: { iso: string; urgentS?: number }): JSX.Element {
  const { format, t } = useBase();
  const now = useNow(1000);
  const seconds = (Date.parse(iso) - now) / 1000;
  const state = seconds <= 0 ? 'over' : seconds < urgentS ? 'urgent' : seconds < 4 * urgentS ? 'soon' : 'calm';
  return (
    <time class={`until until--${state} number`} dateTime={iso} title={format.instant(iso)}>
      {seconds <= 0 ? t('time.over') : format.duration(seconds)}
    </time>
  );
}

export function Instant({ iso }: { iso: string }): JSX.Element {
  const { format } = useBase();
  return (
    <time class="number" dateTime={iso}>
      {format.instant(iso)}
    </time>
  );
}
