import type { ComponentChildren, JSX } from 'preact';
import { useBase } from '../console.js';
import { Icon, type IconName } from './icon.js';

/** Nothing here, and what to do about it. */
export function Empty(props: { icon: IconName; title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <span class="empty__icon">
        <Icon name={props.icon} />
      </span>
      <p class="empty__title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** What went wrong, with a way to try again. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }): JSX.Element {
  const { t, explain } = useBase();
  return (
    <div class="notice notice--block" role="alert">
      <Icon name="warning" />
      <p>{explain(error)}</p>
      {retry !== undefined && (
        <button type="button" class="button button--small" onClick={retry}>
          {t('common.retry')}
        </button>
      )}
    </div>
  );
}

/** Holds the place of what is being fetched. */
export function Loading({ rows = 6 }: { rows?: number }): JSX.Element {
  const { t } = useBase();
  return (
    <div class="loading" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} class="loading__row" />
      ))}
    </div>
  );
}
