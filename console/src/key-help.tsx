import type { JSX } from 'preact';
import { useConsole } from './console.js';
import { keyCap, KEYS, type KeyScope, type KeyUse } from './keys.js';
import { Dialog } from './ui/dialog.js';
import { Key } from './ui/words.js';

const SCOPES: readonly KeyScope[] = ['everywhere', 'queue', 'task'];

/** All keys, in the groups of where they work. */
export function KeyHelp({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useConsole();
  const uses: KeyUse[] = Object.values(KEYS);
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide>
      <div class="key-help">
        {SCOPES.map((scope) => (
          <section key={scope}>
            <h3>{t(`keys.scope.${scope}`)}</h3>
            <dl>
              {uses
                .filter((use) => use.scope === scope)
                .map((use) => (
                  <div key={use.label}>
                    <dt>
                      {use.keys.map((key) => (
                        <Key key={key}>{keyCap(key)}</Key>
                      ))}
                    </dt>
                    <dd>{t(use.label)}</dd>
                  </div>
                ))}
              {scope === 'task' && (
                <div>
                  <dt>
                    <Key>1</Key>–<Key>0</Key>
                  </dt>
                  <dd>{t('keys.reasons')}</dd>
                </div>
              )}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
