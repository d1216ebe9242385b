import { newLink } from '../../../src/auth/console/new-link.js';
import type { Role } from '../../../src/schema/member.js';
import { Browser } from '../../support/browser.js';
import { PASSWORD } from '../../support/console-member.js';
import { joined, openConsole, type TestConsole } from '../../support/console.js';

let face: TestConsole;
let root: Browser;
beforeAll(async () => {
  face = await openConsole();
  root = await joined(face, 'root', 'admin');
});
afterAll(async () => {
  await face.close();
});

const ADA = { name: 'ada', password: PASSWORD };
const invite = (by: Browser, body: Record<string, unknown>) =>
  by.ask('POST', '/members/links', {
    body: { purpose: 'join', name: null, role: 'reviewer', projects: null, ...body },
  });
const pathOf = ({ path }: { path?: unknown }) => String(path).replace(/^\/review\/#\/join\/([\w-]{43})$/, '/links/$1');
const stranger = () => new Browser(face.endpoint);

describe('a link to join', () => {
  test('says what it is for, makes the member it was made for, signs in, and works once', async () => {
    const link = await invite(root, { role: 'lead', projects: ['a'] });
    expect(link.status).toBe(200);
    const path = pathOf(link.body);
    const ada = stranger();
    expect((await ada.ask('GET', path)).body).toEqual({ purpose: 'join', name: null, role: 'lead' });
    expect((await ada.ask('POST', path, { body: ADA })).body).toMatchObject({
      member: { name: 'ada', role: 'lead', projects: ['a'] },
    });
    expect((await ada.ask('GET', '/session')).status).toBe(200);
    expect(await ada.ask('GET', path)).toMatchObject({ status: 404, body: { code: 'NotFound' } });
    const again = await stranger().ask('POST', path, { body: { ...ADA, name: 'adam' } });
    expect(again).toMatchObject({ status: 410, body: { code: 'LinkUsed' } });
    expect(await face.records.audit.page({ limit: 3 })).toMatchObject([
      { kind: 'signed-in', actor: 'ada', detail: { way: 'link' } },
      { kind: 'member-created', actor: 'ada', detail: { role: 'lead', way: 'join' } },
      { kind: 'link-created', actor: 'root', detail: { purpose: 'join', role: 'lead' } },
    ]);
    // The password is kept as a digest only, and a slow one.
    const { passwordHash } = (await face.records.members.find('ada'))!;
    expect(passwordHash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect((await stranger().ask('POST', '/session', { body: ADA })).status).toBe(200);
  });

  test('is not used up by a name that is taken, a short password or another name than it is for', async () => {
    const path = pathOf((await invite(root, { name: 'ben' })).body);
    const use = (body: Record<string, unknown>) => stranger().ask('POST', path, { body: { ...ADA, ...body } });
    expect((await use({ name: 'bob' })).body).toMatchObject({ code: 'InvalidRequest' });
    expect((await use({ name: 'ben', password: 'short' })).body).toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('12') as string,
    });
    const open = pathOf((await invite(root, {})).body);
    expect(await stranger().ask('POST', open, { body: { ...ADA, name: 'root' } })).toMatchObject({
      status: 409,
      body: { code: 'MemberExists' },
    });
    expect((await stranger().ask('POST', open, { body: { ...ADA, name: 'bea' } })).status).toBe(200);
    expect((await use({ name: 'ben' })).status).toBe(200);
  });

  test('is taken by one of two who use it at the same time', async () => {
    const path = pathOf((await invite(root, {})).body);
    const answers = await Promise.all(
      ['tim', 'tom'].map((name) => stranger().ask('POST', path, { body: { ...ADA, name } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  test('is over after a week', async () => {
    const given = { purpose: 'join', name: null, role: 'reviewer', projects: null } as const;
    const old = newLink(given, Date.now() - 7 * 24 * 3_600_000 - 1000);
    await face.records.members.keepLink(old.link);
    expect((await stranger().ask('GET', pathOf(old))).status).toBe(404);
    expect((await stranger().ask('POST', pathOf(old), { body: ADA })).status).toBe(410);
  });

  test('for the first admin is void once there is one', async () => {
    const first = newLink({ purpose: 'first-admin', name: null, role: 'admin', projects: null }, Date.now());
    await face.records.members.keepLink(first.link);
    expect((await stranger().ask('GET', pathOf(first))).status).toBe(404);
    expect((await stranger().ask('POST', pathOf(first), { body: { ...ADA, name: 'rex' } })).status).toBe(410);
  });
});

describe('a link for a new password', () => {
  test('replaces it and signs its member out everywhere else', async () => {
    const pia = await joined(face, 'pia');
    const made = await root.ask('POST', '/members/links', { body: { purpose: 'new-password', name: 'pia' } });
    const path = pathOf(made.body);
    const fresh = stranger();
    expect((await fresh.ask('GET', path)).body).toEqual({ purpose: 'new-password', name: 'pia', role: 'reviewer' });
    const used = await fresh.ask('POST', path, { body: { name: 'pia', password: 'another long one' } });
    expect(used.status).toBe(200);
    expect((await pia.ask('GET', '/session')).status).toBe(401);
    expect((await fresh.ask('GET', '/session')).status).toBe(200);
    const old = await stranger().ask('POST', '/session', { body: { name: 'pia', password: PASSWORD } });
    expect(old.body).toMatchObject({ code: 'SignInRefused' });
  });
});

describe('members', () => {
  test.each<[Role, number]>([
    ['reviewer', 403],
    ['lead', 403],
    ['admin', 200],
  ])('are managed by admins: for a %s it answers %i', async (role, status) => {
    const who = await joined(face, `is-${role}`, role);
    expect((await who.ask('GET', '/members')).status).toBe(status);
    expect((await invite(who, {})).status).toBe(status);
    expect((await who.ask('PATCH', '/members/ada', { body: {} })).status).toBe(status);
    if (role === 'admin') await root.ask('PATCH', '/members/is-admin', { body: { isDisabled: true } });
  });

  test('are changed at once, in the session that they have', async () => {
    const moe = await joined(face, 'moe');
    expect((await moe.ask('GET', '/members')).status).toBe(403);
    const changed = await root.ask('PATCH', '/members/moe', { body: { role: 'admin', projects: ['a'] } });
    expect(changed.body).toMatchObject({ name: 'moe', role: 'admin', projects: ['a'] });
    expect(changed.text).not.toContain('scrypt');
    expect((await moe.ask('GET', '/members')).status).toBe(200);
    expect((await root.ask('PATCH', '/members/moe', { body: { isDisabled: true } })).status).toBe(200);
    expect((await moe.ask('GET', '/session')).status).toBe(401);
    await root.ask('PATCH', '/members/moe', { body: { isDisabled: false } });
    expect((await moe.ask('GET', '/session')).status).toBe(401);
  });

  test('cannot be given more projects than the admin has, nor be seen with them', async () => {
    const ali = await joined(face, 'ali', 'admin', ['a']);
    await joined(face, 'bo', 'reviewer', ['b']);
    for (const projects of [null, ['b'], ['a', 'b']])
      expect((await invite(ali, { projects })).body).toMatchObject({ code: 'Forbidden' });
    expect((await invite(ali, { projects: ['a'] })).status).toBe(200);
    expect((await ali.ask('PATCH', '/members/bo', { body: { role: 'lead' } })).body).toMatchObject({
      code: 'NotFound',
    });
    expect((await ali.ask('PATCH', '/members/ali', { body: { projects: null } })).body).toMatchObject({
      code: 'Forbidden',
    });
    const listed = (await ali.ask('GET', '/members')).text;
    expect([listed.includes('"ali"'), listed.includes('"bo"'), listed.includes('"root"')]).toEqual([
      true,
      false,
      false,
    ]);
    await root.ask('PATCH', '/members/ali', { body: { isDisabled: true } });
  });

  test('keep an admin: the last one is neither demoted nor disabled, and of two at once one stays', async () => {
    for (const body of [{ role: 'lead' }, { isDisabled: true }, { projects: ['a'] }])
      expect(await root.ask('PATCH', '/members/root', { body })).toMatchObject({
        status: 409,
        body: { code: 'LastAdmin' },
      });
    const zoe = await joined(face, 'zoe', 'admin');
    const both = await Promise.all([
      root.ask('PATCH', '/members/zoe', { body: { role: 'reviewer' } }),
      zoe.ask('PATCH', '/members/root', { body: { role: 'reviewer' } }),
    ]);
    expect(both.map(({ status }) => status)).toContain(200);
    const admins = (await face.records.members.list()).filter(
      ({ role, isDisabled }) => role === 'admin' && !isDisabled,
    );
    const left = admins.filter(({ projects }) => projects === null);
    expect(left).toHaveLength(1);
    root = left[0]!.name === 'zoe' ? zoe : root;
  });
});

describe('a member', () => {
  test('changes settings, which come back with the session', async () => {
    const sam = await joined(face, 'sam');
    const settings = { blur: true, greyscale: false, muted: true, theme: 'dark', language: 'zh-CN', takeNext: false };
    expect((await sam.ask('PUT', '/me/settings', { body: settings })).body).toMatchObject({ member: { settings } });
    expect((await sam.ask('GET', '/session')).body).toMatchObject({ member: { settings } });
    expect((await sam.ask('PUT', '/me/settings', { body: { theme: 'pink' } })).body).toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('theme') as string,
    });
  });

  test('changes the password by the current one, which signs out elsewhere only', async () => {
    const [una, elsewhere] = [await joined(face, 'una'), stranger()];
    await elsewhere.ask('POST', '/session', { body: { name: 'una', password: PASSWORD } });
    const change = (current: string, next: string) => una.ask('PUT', '/me/password', { body: { current, next } });
    expect((await change('wrong', 'a new long password')).body).toMatchObject({ code: 'SignInRefused' });
    expect((await change(PASSWORD, 'a new long password')).status).toBe(204);
    expect([(await una.ask('GET', '/session')).status, (await elsewhere.ask('GET', '/session')).status]).toEqual([
      200, 401,
    ]);
  });
});
