import { randomUUID } from 'node:crypto';
import { MemberSettings } from '../../src/schema/member.js';
import { type MemberLink, MemberExistsError, type MemberStore, type StoredMember } from '../../src/store/members.js';
import { memberStore } from '../../src/store/sql/members.js';
import type { DatabaseUse } from '../../src/store/sql/shared-databases.js';
import { digestOf } from './make-records.js';
import { at } from './queue-fixture.js';

function makeMember(name: string, given: Partial<StoredMember> = {}): StoredMember {
  return {
    name,
    role: 'reviewer',
    projects: ['mine', 'ihre'],
    settings: { ...MemberSettings.parse({}), blur: false },
    hasPassword: true,
    passwordHash: 'scrypt$…',
    subject: null,
    createdAt: at(0),
    isDisabled: false,
    ...given,
  };
}

const link = (given: Partial<MemberLink> = {}): MemberLink => ({
  digest: digestOf(randomUUID()),
  purpose: 'join',
  name: 'ada',
  role: 'lead',
  projects: null,
  expiresAt: at(10),
  ...given,
});

/** What every engine of the members must do; `open` answers a new empty database. */
export function membersContract(engine: string, open: () => Promise<DatabaseUse>): void {
  describe(`members in ${engine}`, () => {
    let use: DatabaseUse;
    let members: MemberStore;
    beforeEach(async () => {
      use = await open();
      members = memberStore(use.db);
    });
    afterEach(async () => {
      await use.close();
    });

    test('a member is found by name and by subject as made, once, and listed without what signing in takes', async () => {
      const bob = makeMember('bob', { subject: 'https://id.example bob', passwordHash: null, hasPassword: false });
      const ada = makeMember('Ada', { projects: null, role: 'admin' });
      for (const member of [bob, ada]) await members.create(member);
      await expect(members.create({ ...bob, role: 'admin' })).rejects.toThrow(MemberExistsError);
      expect(await members.find('bob')).toStrictEqual(bob);
      expect(await members.findBySubject('https://id.example bob')).toStrictEqual(bob);
      expect([await members.find('ada'), await members.findBySubject('x')]).toEqual([null, null]);
      const listed = [ada, bob].map(({ passwordHash, subject, ...member }) => [member, passwordHash, subject][0]);
      expect(await members.list()).toStrictEqual(listed);
    });

    test('a change changes what it names and nothing else', async () => {
      await members.create(makeMember('ada'));
      expect(await members.change('ada', { role: 'lead', projects: null })).toBe(true);
      const settings = { ...MemberSettings.parse({}), theme: 'dark' as const };
      await members.change('ada', { settings, passwordHash: null, subject: 's', isDisabled: true });
      const changed = { role: 'lead', projects: null, settings, passwordHash: null, hasPassword: false } as const;
      expect(await members.find('ada')).toStrictEqual(
        makeMember('ada', { ...changed, subject: 's', isDisabled: true }),
      );
      expect([await members.change('ada', {}), await members.change('bob', { role: 'lead' })]).toEqual([true, false]);
      expect(await members.change('bob', {})).toBe(false);
    });

    test('there is an admin when one can sign in', async () => {
      await members.create(makeMember('ada', { role: 'admin', isDisabled: true }));
      await members.create(makeMember('bob', { role: 'admin', passwordHash: null, hasPassword: false }));
      await members.create(makeMember('eve', { role: 'lead' }));
      expect(await members.hasAdmin()).toBe(false);
      await members.change('bob', { subject: 's' });
      expect(await members.hasAdmin()).toBe(true);
    });

    const session = (tokenDigest: string, member = 'ada') => {
      const times = { createdAt: at(0), seenAt: at(0), expiresAt: at(60) };
      return { tokenDigest, member, address: '192.0.2.7', ...times };
    };

    test('a session is found with its member until it is over, closed, or its member may not sign in', async () => {
      await members.create(makeMember('ada'));
      for (const digest of ['one', 'two', 'three']) await members.openSession(session(digest));
      await members.openSession({ ...session('one'), address: '198.51.100.1' });
      await members.touchSession('one', at(5));
      const found = { session: { ...session('one'), seenAt: at(5) }, member: makeMember('ada') };
      expect(await members.findSession('one', at(59))).toStrictEqual(found);
      expect(await members.findSession('one', at(60))).toBeNull();
      await members.closeSession('two');
      expect(await members.findSession('two', at(1))).toBeNull();
      await members.change('ada', { isDisabled: true });
      expect(await members.findSession('one', at(1))).toBeNull();
      await members.change('ada', { isDisabled: false });
      await members.closeSessionsOf('ada', 'three');
      expect([
        await members.findSession('one', at(1)),
        (await members.findSession('three', at(1)))?.session.tokenDigest,
      ]).toEqual([null, 'three']);
      await members.closeSessionsOf('ada');
      expect(await members.findSession('three', at(1))).toBeNull();
    });

    test('a link is used once, by one of those who try at once, and in its time', async () => {
      const kept = link({ projects: ['mine'] });
      await members.keepLink(kept);
      expect(await members.findLink(kept.digest, at(9))).toStrictEqual(kept);
      expect([await members.findLink(kept.digest, at(10)), await members.takeLink(kept.digest, at(10))]).toEqual([
        null,
        null,
      ]);
      const taken = await Promise.all(Array.from({ length: 8 }, () => members.takeLink(kept.digest, at(9))));
      expect(taken.filter((each) => each !== null)).toStrictEqual([kept]);
      expect(await members.findLink(kept.digest, at(9))).toBeNull();
      await members.keepLink(kept);
      expect(await members.takeLink(kept.digest, at(9))).toBeNull();
    });

    test('a later link for the same purpose and name makes the earlier one void, and none of others', async () => {
      const [first, second, other, password] = [
        link(),
        link(),
        link({ name: 'bob' }),
        link({ purpose: 'new-password' }),
      ];
      const [anybody, somebody] = [link({ name: null }), link({ name: null })];
      const [began, again] = [0, 1].map(() => link({ name: null, purpose: 'first-admin' })) as [MemberLink, MemberLink];
      for (const each of [first, other, password, second, anybody, somebody, began, again])
        await members.keepLink(each);
      const isThere = async ({ digest }: MemberLink) => (await members.findLink(digest, at(1))) !== null;
      expect([await isThere(first), await isThere(began)]).toEqual([false, false]);
      for (const each of [second, other, password, anybody, somebody, again]) expect(await isThere(each)).toBe(true);
    });

    test('a sign-in that failed counts once for its name and address together, and by either', async () => {
      expect(await members.countFailure(['name:ada', 'address:a'], at(1), at(0))).toBe(1);
      expect(await members.countFailure(['name:ada', 'address:b'], at(2), at(0))).toBe(2);
      expect(await members.countFailure(['name:b\0b', 'address:a', 'address:a'], at(3), at(0))).toBe(2);
      expect(await members.failuresSince(['name:ada', 'address:a'], at(0))).toBe(3);
      expect(await members.failuresSince(['name:ada'], at(2))).toBe(1);
      expect(await members.failuresSince([], at(0))).toBe(0);
      await members.forgetFailures(['name:ada']);
      expect(await members.failuresSince(['name:ada'], at(0))).toBe(0);
      expect(await members.failuresSince(['address:a', 'address:b'], at(0))).toBe(3);
    });

    test('time with severe material adds up for each member since an instant, and a report told twice counts once', async () => {
      expect(await members.addExposure({ name: 'ada', at: at(1), seconds: 12.5, since: at(0) })).toBe(12.5);
      await members.addExposure({ name: 'ada', at: at(2), seconds: 30, since: at(0) });
      expect(await members.addExposure({ name: 'ada', at: at(2), seconds: 30, since: at(0) })).toBe(42.5);
      await members.addExposure({ name: 'bob', at: at(2), seconds: 1, since: at(0) });
      expect([await members.exposureSince('ada', at(2)), await members.exposureSince('eve', at(0))]).toEqual([30, 0]);
    });

    test('what is over goes, and members stay', async () => {
      await members.create(makeMember('ada'));
      await members.openSession(session('one'));
      await members.openSession({ ...session('two'), expiresAt: at(200) });
      const [old, young] = [link(), link({ expiresAt: at(200), name: 'bob' })];
      for (const each of [old, young]) await members.keepLink(each);
      await members.countFailure(['name:ada'], at(1), at(0));
      await members.countFailure(['name:ada'], at(150), at(0));
      await members.addExposure({ name: 'ada', at: at(1), seconds: 5, since: at(0) });
      await members.purgeBefore(at(100));
      expect([await members.findSession('one', at(1)), await members.findLink(old.digest, at(1))]).toEqual([
        null,
        null,
      ]);
      expect((await members.findSession('two', at(1)))?.member.name).toBe('ada');
      expect(await members.findLink(young.digest, at(1))).toStrictEqual(young);
      expect([await members.failuresSince(['name:ada'], at(0)), await members.exposureSince('ada', at(0))]).toEqual([
        1, 0,
      ]);
    });
  });
}
