import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LinkRequest } from '../../../src/schema/console/session.js';
import type { Role } from '../../../src/schema/member.js';
import { useConsole } from '../console.js';
import { Dialog } from '../ui/dialog.js';
import { ProjectChoice } from './project-choice.js';
import { RoleSelect } from './role-select.js';

/** Invites somebody: they get a link that works once. */
export function InviteDialog(props: { onInvite: (body: LinkRequest) => void; onClose: () => void }): JSX.Element {
  const { t } = useConsole();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('reviewer');
  const [projects, setProjects] = useState<string[] | null>(null);
  return (
    <Dialog title={t('members.invite')} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          props.onInvite({ purpose: 'join', name: name.trim() || null, role, projects });
        }}
      >
        <label class="field">
          <span>{t('members.nameOptional')}</span>
          <input
            value={name}
            maxLength={64}
            autoComplete="off"
            onInput={(event) => {
              setName(event.currentTarget.value);
            }}
          />
        </label>
        <label class="field">
          <span>{t('members.role')}</span>
          <RoleSelect value={role} onChange={setRole} />
        </label>
        <ProjectChoice value={projects} onChange={setProjects} />
        <div class="form__end">
          <button type="button" class="button" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" class="button button--primary">
            {t('members.makeLink')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
