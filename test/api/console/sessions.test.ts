import { digestOfToken } from '../../../src/auth/console/tokens.js';
import { Browser } from '../../support/browser.js';
import { makeRequest } from '../../store/make-records.js';
import { PASSWORD } from '../../support/console-member.js';
import { joined, openConsole, type TestConsole } from '../../support/console.js';

let face: TestConsole;
beforeAll(async () => {
  face = await openConsole({ listen: { port: 0, trustedProxies: ['127.0.0.1'] } });
});
afterAll(async () => {
  await face.close();
});

const browser = (headers?: Record<string, string>) => new Browser(face.endpoint, headers);
const signIn = (on: Browser, name: string, password = PASSWORD) =>
  on.ask('POST', '/session', { body: { name, password } });
const cookieLine = ({ headers }: { headers: Record<string, string | string[] | undefined> }) =>
  [headers['set-cookie']].flat()[0];

describe('signing in', () => {
  test('answers who somebody is, with a cookie that scripts cannot read', async () => {
    await joined(face, 'ann', 'lead', ['a']);
    const ann = browser();
    const answer = await signIn(ann, 'ann');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      member: expect.objectContaining({ name: 'ann', role: 'lead', projects: ['a'], hasPassword: true }) as object,
      csrfToken: expect.stringMatching(/^[\w-]{43}$/) as string,
      expiresAt: expect.stringMatching(/Z$/) as string,
      projects: [{ name: 'a', reasons: expect.arrayContaining(['harmless', 'other']) as string[] }],
      exposure: { seconds: 0, budgetSeconds: null, shiftHours: 8 },
    });
    expect(answer.text).not.toContain('scrypt');
    expect(cookieLine(answer)).toMatch(
      /^framewarden-session=[\w-]{43}; Max-Age=604800; Path=\/review; HttpOnly; SameSite=Strict$/,
    );
    expect((await ann.ask('GET', '/session')).body).toEqual({
      ...answer.body,
      expiresAt: expect.any(String) as string,
    });
  });

  test('names the project of commands to who has rights on it, once there are tasks of it, with the reasons of the newest', async () => {
    const [all, one] = [await joined(face, 'pia'), await joined(face, 'pit', 'reviewer', ['b'])];
    const projects = async (who: Browser) => (await who.ask('GET', '/session')).body['projects'];
    expect(await projects(all)).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    const request = makeRequest('VideoModeration-of-a-command');
    const review = { ...request.policy.review, reasons: ['parrot'] };
    const policy = { ...request.policy, review };
    await face.records.createTask({ ...request, policy }, new Date().toISOString());
    expect(await projects(all)).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'default', reasons: ['parrot'] }]);
    expect(await projects(one)).toMatchObject([{ name: 'b' }]);
  });

  test('behind TLS the cookie is for this host and for TLS only', async () => {
    await joined(face, 'tia');
    const secure = browser({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'review.example.com' });
    const answer = await secure.ask('POST', '/session', {
      body: { name: 'tia', password: PASSWORD },
      headers: { origin: 'https://review.example.com' },
    });
    expect(answer.status).toBe(200);
    expect(cookieLine(answer)).toMatch(
      /^__Host-framewarden-session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await secure.ask('GET', '/session')).status).toBe(200);
  });

  test('is refused over HTTP on a host that others may read along on', async () => {
    const answer = await browser({ host: '192.168.1.5', origin: 'http://192.168.1.5' }).ask('POST', '/session', {
      body: { name: 'ann', password: PASSWORD },
    });
    expect([answer.status, answer.body.code]).toEqual([403, 'Forbidden']);
  });

  test('is refused alike with a wrong password, an unknown name and for a disabled member', async () => {
    await joined(face, 'dan');
    await face.records.members.change('dan', { isDisabled: true });
    const refused = await Promise.all([
      signIn(browser(), 'ann', 'wrong'),
      signIn(browser(), 'nobody'),
      signIn(browser(), 'dan'),
    ]);
    for (const { status, body } of refused)
      expect([status, body]).toEqual([401, { code: 'SignInRefused', message: 'The name or the password is wrong.' }]);
  });

  test('keeps the token as a digest only', async () => {
    const ann = browser();
    await signIn(ann, 'ann');
    const token = ann.cookies.get('framewarden-session')!;
    expect(await face.records.members.findSession(token, new Date().toISOString())).toBeNull();
  });

  test('is written down with its address, and so is its refusal, but not what an unknown name was', async () => {
    await signIn(browser({ 'x-forwarded-for': '192.0.2.7' }), 'ann');
    await signIn(browser({ 'x-forwarded-for': '192.0.2.7' }), 'my secret password');
    const rows = await face.records.audit.page({ limit: 2 });
    expect(rows).toMatchObject([
      { kind: 'sign-in-refused', actor: 'unknown', address: '192.0.2.7' },
      { kind: 'signed-in', actor: 'ann', address: '192.0.2.7', detail: { way: 'password' } },
    ]);
    expect(JSON.stringify(rows)).not.toContain('my secret');
  });

  test('is refused by name after ten failures, also with the right password, and by nothing else', async () => {
    await joined(face, 'nia');
    const at = new Date().toISOString();
    for (let tries = 0; tries < 9; tries++) await face.records.members.countFailure(['name:nia'], at, at);
    expect((await signIn(browser({ 'x-forwarded-for': '192.0.2.100' }), 'nia', 'guess')).status).toBe(401);
    const answer = await signIn(browser({ 'x-forwarded-for': '192.0.2.99' }), 'nia');
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([429, 'TooManyAttempts', '900']);
    expect((await signIn(browser({ 'x-forwarded-for': '192.0.2.100' }), 'ann')).status).toBe(200);
  });

  test('is refused by address after fifty failures, whatever the name, and from elsewhere in the same /64', async () => {
    const at = new Date().toISOString();
    for (let tries = 0; tries < 49; tries++) await face.records.members.countFailure(['address:2001:db8:1:2'], at, at);
    const from = (end: string) => browser({ 'x-forwarded-for': `2001:db8:1:2${end}` });
    expect((await signIn(from('::1'), 'nobody-50')).status).toBe(401);
    expect((await signIn(from(':ffff::2'), 'ann')).status).toBe(429);
    expect((await signIn(browser({ 'x-forwarded-for': '2001:db8:1:3::1' }), 'ann')).status).toBe(200);
  });
});

describe('a session', () => {
  test('ends by signing out', async () => {
    const ann = browser();
    await signIn(ann, 'ann');
    const kept = new Map(ann.cookies);
    expect((await ann.ask('DELETE', '/session')).status).toBe(204);
    expect(ann.cookies.size).toBe(0);
    kept.forEach((value, name) => ann.cookies.set(name, value));
    expect((await ann.ask('GET', '/session')).body).toMatchObject({ code: 'SignInRequired' });
  });

  test('ends when its member is disabled, and when nothing was asked for half a day, and after a week', async () => {
    const eve = await joined(face, 'eve');
    expect((await eve.ask('GET', '/session')).status).toBe(200);
    await face.records.members.change('eve', { isDisabled: true });
    expect((await eve.ask('GET', '/session')).status).toBe(401);
    await face.records.members.change('eve', { isDisabled: false });
    expect((await eve.ask('GET', '/session')).status).toBe(200);

    const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
    const open = (token: string, seen: number, expires: number) =>
      face.records.members.openSession({
        ...{ tokenDigest: digestOfToken(token), member: 'eve', address: '127.0.0.1' },
        ...{ createdAt: hours(seen), seenAt: hours(seen), expiresAt: hours(expires) },
      });
    await open('idle', -12.01, 1);
    await open('old', -0.1, -0.01);
    await open('good', -11.9, 1);
    for (const [token, status] of [
      ['idle', 401],
      ['old', 401],
      ['good', 200],
    ] as const) {
      eve.cookies.set('framewarden-session', token);
      expect((await eve.ask('GET', '/session')).status).toBe(status);
    }
  });

  test('changes nothing without its own token, and nothing for a page of another site', async () => {
    const [ann, other] = [browser(), browser()];
    await signIn(ann, 'ann');
    await signIn(other, 'ann');
    const change = (headers: Record<string, string>) => ann.ask('PUT', '/me/settings', { body: {}, headers });
    const refused = [
      { 'x-csrf-token': '' },
      { 'x-csrf-token': other.csrfToken },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${face.endpoint.replace(/\d+$/, '1')}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of refused)
      expect(await change(headers)).toMatchObject({ status: 403, body: { code: 'CsrfRefused' } });
    expect((await change({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const signInElsewhere = await browser({ origin: 'https://evil.example' }).ask('POST', '/session', {
      body: { name: 'ann', password: PASSWORD },
    });
    expect(signInElsewhere.body.code).toBe('CsrfRefused');
  });
});
