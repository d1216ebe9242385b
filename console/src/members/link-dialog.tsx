import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { CreatedLink } from '../../../src/schema/console/session.js';
import { useConsole } from '../console.js';
import { Dialog } from '../ui/dialog.js';
import { Instant } from '../ui/time.js';

/** A one-time link, shown once: whoever has it is let in. */
export function LinkDialog({ link, onClose }: { link: CreatedLink; onClose: () => void }): JSX.Element {
  const { t } = useConsole();
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  const address = new URL(link.path, location.origin).href;
  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // Without TLS there is no clipboard: it is selected, and the browser's own copying works.
      setCopied(false);
    }
  }
  return (
    <Dialog title={t('members.linkTitle')} onClose={onClose}>
      <div class="form">
        <p>{t('members.linkText')}</p>
        <label class="field">
          <span>{t('members.link')}</span>
          <input ref={field} class="code" readOnly value={address} />
        </label>
        <p class="dim">
          {t('members.linkExpires')} <Instant iso={link.expiresAt} />
        </p>
        <div class="form__end">
          <button type="button" class="button button--primary" onClick={() => void copy()}>
            <span aria-live="polite">{t(isCopied ? 'members.copied' : 'members.copy')}</span>
          </button>
        </div>
      </div>
    </Dialog>
  );
}
