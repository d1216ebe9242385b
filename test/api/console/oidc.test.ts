import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Browser } from '../../support/browser.js';
import { ROOT } from '../../support/build.js';
import { joined, openConsole, type TestConsole } from '../../support/console.js';

const PUBLIC = 'http://127.0.0.1:8686';
const CLIENT = ['console', 'a secret that is long enough', `${PUBLIC}/review/oidc/callback`] as const;

let face: TestConsole;
let provider: ChildProcess;
beforeAll(async () => {
  const program = join(ROOT, 'test', 'support', 'oidc-provider.mjs');
  provider = spawn(process.execPath, [program, ...CLIENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(provider.stdout!, 'data')) as [Buffer];
  face = await openConsole({
    console: {
      publicUrl: PUBLIC,
      oidc: {
        ...{ name: 'Example', issuer: String(line).trim(), clientId: CLIENT[0], clientSecret: CLIENT[1] },
        ...{ allowInsecure: true, scopes: ['profile'] },
        grants: [
          { claim: 'groups', value: 'leads', role: 'lead', projects: ['a'] },
          { claim: 'groups', value: 'staff', role: 'reviewer', projects: ['b'] },
        ],
      },
    },
  });
});
afterAll(async () => {
  provider.kill();
  await face.close();
});

/** Follows the provider's redirects as a browser does, up to the address that leads back; `account` says who signs in there. */
async function atProvider(address: string, account: string): Promise<string> {
  const cookies = new Map([['account', account]]);
  for (let hops = 0; hops < 10 && !address.startsWith(PUBLIC); hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    address = new URL(answer.headers.get('location') ?? '', address).href;
  }
  return address.slice(PUBLIC.length);
}

const start = async (on: Browser) => String((await on.ask('GET', '/review/oidc/start')).headers.location);

/** Where somebody ends who signs in with the provider. */
async function signIn(on: Browser, account: string): Promise<string> {
  const back = await atProvider(await start(on), account);
  return String((await on.ask('GET', back)).headers.location);
}

const browser = () => new Browser(face.endpoint);
const REFUSED = '/review/#/sign-in/SignInRefused';

test('the page is told of the provider', async () => {
  expect((await browser().ask('GET', '/session/ways')).body).toEqual({ password: true, provider: 'Example' });
});

test('a member is made at the first sign-in, with the rights of the first grant that fits, and found at the next', async () => {
  const olga = browser();
  const leaving = new URL(await start(olga));
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(leaving.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  expect(leaving.searchParams.get('code_challenge_method')).toBe('S256');
  expect(await signIn(olga, 'olga')).toBe('/review/');
  const member = { name: 'olga', role: 'lead', projects: ['a'], hasPassword: false };
  expect((await olga.ask('GET', '/session')).body).toMatchObject({ member });
  const pavel = browser();
  expect(await signIn(pavel, 'pavel')).toBe('/review/');
  expect((await pavel.ask('GET', '/session')).body).toMatchObject({ member: { role: 'reviewer', projects: ['b'] } });
  await face.records.members.change('olga', { role: 'reviewer', projects: null });
  const again = browser();
  expect(await signIn(again, 'olga')).toBe('/review/');
  expect((await again.ask('GET', '/session')).body).toMatchObject({ member });
  expect((await again.ask('PUT', '/me/password', { body: { current: 'x', next: 'x'.repeat(12) } })).body).toMatchObject(
    {
      code: 'Forbidden',
    },
  );
});

test.each([
  ['no grant fits', 'guest'],
  ['they refuse there', 'nobody'],
])('nobody is let in when %s', async (_why, account) => {
  const who = browser();
  expect(await signIn(who, account)).toBe(REFUSED);
  expect((await who.ask('GET', '/session')).status).toBe(401);
});

test('nobody gets the account of a member by the name that they have at the provider', async () => {
  await joined(face, 'root', 'admin');
  const mallory = browser();
  expect(await signIn(mallory, 'mallory')).toBe(REFUSED);
  expect(await face.records.members.find('root')).toMatchObject({ role: 'admin', subject: null });
});

test('a disabled member stays outside', async () => {
  await signIn(browser(), 'pavel');
  await face.records.members.change('pavel', { isDisabled: true });
  expect(await signIn(browser(), 'pavel')).toBe(REFUSED);
});

test('an answer counts once, and only in the browser that asked for it', async () => {
  const [asked, other] = [browser(), browser()];
  await start(other);
  const back = await atProvider(await start(asked), 'olga');
  expect((await browser().ask('GET', back)).headers.location).toBe(REFUSED);
  expect((await other.ask('GET', back)).headers.location).toBe(REFUSED);
  const kept = new Map(asked.cookies);
  expect((await asked.ask('GET', back)).headers.location).toBe('/review/');
  kept.forEach((value, name) => asked.cookies.set(name, value));
  expect((await asked.ask('GET', back)).headers.location).toBe(REFUSED);
});
