import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CreatedLink, LinkRequest, MemberPatch } from '../../../src/schema/console/session.js';
import type { Member } from '../../../src/schema/member.js';
import { useConsole } from '../console.js';
import { InviteDialog } from '../members/invite-dialog.js';
import { LinkDialog } from '../members/link-dialog.js';
import { MemberRow } from '../members/member-row.js';
import { PageHead } from '../ui/page.js';
import { Loading, Problem } from '../ui/states.js';
import { useLoad } from '../use-load.js';

/** Who works here, with which rights. */
export function MembersPage(): JSX.Element {
  const { api, t, toast, explain } = useConsole();
  const members = useLoad('members', (signal) => api.ask<Member[]>('GET', '/members', { signal }));
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<CreatedLink | null>(null);
  async function patch(name: string, body: MemberPatch): Promise<void> {
    try {
      await api.ask<Member>('PATCH', `/members/${encodeURIComponent(name)}`, { body });
      toast('info', t('members.changed', { name }));
    } catch (error) {
      toast('warning', explain(error));
    }
    members.reload();
  }
  async function invite(body: LinkRequest): Promise<void> {
    try {
      const created = await api.ask<CreatedLink>('POST', '/members/links', { body });
      setInviting(false);
      setLink(created);
    } catch (error) {
      toast('warning', explain(error));
    }
  }
  return (
    <>
      <PageHead title={t('members.title')}>
        <button
          type="button"
          class="button button--primary page-head__action"
          onClick={() => {
            setInviting(true);
          }}
        >
          {t('members.invite')}
        </button>
      </PageHead>
      {members.error !== null && <Problem error={members.error} retry={members.reload} />}
      {members.data === null ? (
        members.error === null && <Loading />
      ) : (
        <div class="panel panel--table">
          <div class="scroll-x" tabIndex={0} role="group" aria-label={t('members.title')}>
            <table class="table table--members">
              <thead>
                <tr>
                  <th>{t('members.name')}</th>
                  <th>{t('members.role')}</th>
                  <th>{t('members.projects')}</th>
                  <th>{t('members.way')}</th>
                  <th>{t('members.since')}</th>
                  <th>{t('members.state')}</th>
                  <th>
                    <span class="visually-hidden">{t('members.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {members.data.map((member) => (
                  <MemberRow
                    key={member.name}
                    member={member}
                    onPatch={(body) => void patch(member.name, body)}
                    onNewPassword={() => void invite({ purpose: 'new-password', name: member.name })}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
      {isInviting && (
        <InviteDialog
          onInvite={(body) => void invite(body)}
          onClose={() => {
            setInviting(false);
          }}
        />
      )}
      {link !== null && (
        <LinkDialog
          link={link}
          onClose={() => {
            setLink(null);
            members.reload();
          }}
        />
      )}
    </>
  );
}
