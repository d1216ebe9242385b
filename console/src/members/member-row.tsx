import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { MemberPatch } from '../../../src/schema/console/session.js';
import type { Member } from '../../../src/schema/member.js';
import { useConsole } from '../console.js';
import { ReasonDialog } from '../task/reason-dialog.js';
import { Dialog } from '../ui/dialog.js';
import { Instant } from '../ui/time.js';
import { ProjectChoice } from './project-choice.js';
import { RoleSelect } from './role-select.js';

/** One member: rights are changed in place. */
export function MemberRow(props: {
  member: Member;
  onPatch: (body: MemberPatch) => void;
  onNewPassword: () => void;
}): JSX.Element {
  const { t, session } = useConsole();
  const { member, onPatch } = props;
  const [open, setOpen] = useState<'projects' | 'disable' | null>(null);
  const close = () => {
    setOpen(null);
  };
  return (
    <tr class={member.isDisabled ? 'is-disabled' : undefined}>
      <td class="strong">
        {member.name}
        {member.name === session.member.name && <span class="chip chip--plain">{t('members.you')}</span>}
      </td>
      <td>
        <RoleSelect
          value={member.role}
          label={t('members.roleOf', { name: member.name })}
          onChange={(role) => {
            onPatch({ role });
          }}
        />
      </td>
      <td>
        <button
          type="button"
          class="button button--quiet button--small"
          aria-label={t('members.projectsOf', { name: member.name })}
          onClick={() => {
            setOpen('projects');
          }}
        >
          {member.projects === null ? t('members.everyProject') : member.projects.join(', ') || t('members.noProject')}
        </button>
      </td>
      <td class="dim">{t(member.hasPassword ? 'members.password' : 'members.provider')}</td>
      <td class="dim">
        <Instant iso={member.createdAt} />
      </td>
      <td>
        <span class={`status status--${member.isDisabled ? 'Failed' : 'Succeeded'}`}>
          {t(member.isDisabled ? 'members.disabled' : 'members.active')}
        </span>
      </td>
      <td class="cell--actions">
        {member.hasPassword && (
          <button type="button" class="button button--small" onClick={props.onNewPassword}>
            {t('members.newPassword')}
          </button>
        )}
        <button
          type="button"
          class="button button--small"
          onClick={() => {
            if (member.isDisabled) onPatch({ isDisabled: false });
            else setOpen('disable');
          }}
        >
          {t(member.isDisabled ? 'members.enable' : 'members.disable')}
        </button>
        {open === 'disable' && (
          <ReasonDialog
            title={t('members.disableTitle', { name: member.name })}
            text={t('members.disableText')}
            action={t('members.disable')}
            isDangerous
            hasNote={false}
            onDone={() => {
              onPatch({ isDisabled: true });
            }}
            onClose={close}
          />
        )}
        {open === 'projects' && <ProjectsDialog member={member} onPatch={onPatch} onClose={close} />}
      </td>
    </tr>
  );
}

function ProjectsDialog(props: {
  member: Member;
  onPatch: (body: MemberPatch) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useConsole();
  const [projects, setProjects] = useState(props.member.projects);
  return (
    <Dialog title={t('members.projectsOf', { name: props.member.name })} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          props.onPatch({ projects });
          props.onClose();
        }}
      >
        <ProjectChoice value={projects} onChange={setProjects} />
        <div class="form__end">
          <button type="button" class="button" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" class="button button--primary">
            {t('common.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
