import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PageFiles } from '../../../src/api/console/page-files.js';
import { Browser } from '../../support/browser.js';
import { openConsole, type TestConsole } from '../../support/console.js';

let face: TestConsole;
let pageDir: string;
let browser: Browser;
beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'framewarden-page-'));
  face = await openConsole({}, pageDir);
  browser = new Browser(face.endpoint);
});
afterAll(async () => {
  await face.close();
  await rm(pageDir, { recursive: true, force: true });
});

const NAVIGATION = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
const get = (path: string, headers: Record<string, string> = {}) => browser.ask('GET', path, { headers });

test('a page that was not built is told of in a sentence', async () => {
  const answer = await get('/review/', NAVIGATION);
  expect([answer.status, answer.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
  expect(answer.text).toContain('npm run build');
});

describe('once it was built', () => {
  beforeAll(async () => {
    await mkdir(join(pageDir, 'assets'));
    await writeFile(join(pageDir, 'assets', 'index-abc123.js'), 'export {};');
    await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Review</title>');
  });

  test('navigations get the page, whatever their address, and nothing else does', async () => {
    expect(await get('/review')).toMatchObject({ status: 308, headers: { location: '/review/' } });
    for (const path of ['/review/', '/review/index.html', '/review/queue/deep?x=1']) {
      const answer = await get(path, NAVIGATION);
      expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ]);
    }
    for (const path of ['/review/missing.js', '/review/api/nothing'])
      expect(await get(path, { 'sec-fetch-mode': 'cors' })).toMatchObject({ status: 404, body: { code: 'NotFound' } });
    expect(await get('/review/api/nothing', NAVIGATION)).toMatchObject({ status: 404, body: { code: 'NotFound' } });
    expect(await browser.ask('DELETE', '/review/')).toMatchObject({ status: 404, body: { code: 'NotFound' } });
  });

  test('files that are named by their content are kept for good, the page is asked for again', async () => {
    const file = await get('/review/assets/index-abc123.js');
    expect([file.status, file.headers['content-type'], file.headers['cache-control']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    const { etag } = (await get('/review/')).headers;
    expect(await get('/review/', { 'if-none-match': String(etag) })).toMatchObject({ status: 304, text: '' });
  });

  test.each(['..%2f..%2fetc/passwd', '%2e%2e/secret.html', 'assets/..%2f..%2fsecret.html', 'assets', '.'])(
    'nothing outside it can be asked for: %s',
    async (path) => {
      await writeFile(join(pageDir, '..', 'secret.html'), 'secret');
      const answer = await get(`/review/${path}`, { 'sec-fetch-mode': 'cors' });
      expect([200, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('secret');
      expect(answer.text).not.toContain('root:');
      await rm(join(pageDir, '..', 'secret.html'));
    },
  );

  test('another build is noticed', async () => {
    const files = new PageFiles(pageDir);
    expect((await files.find('index.html'))?.bytes.toString()).toContain('Review');
    await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Newer</title>');
    expect((await files.find('index.html'))?.bytes.toString()).toContain('Newer');
  });
});

test.each(['/review/', '/review/assets/index-abc123.js', '/review/api/session', '/review/api/session/ways'])(
  'no other site can frame, read or guess at %s, and it runs and asks nothing but its own',
  async (path) => {
    const { headers } = await get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
    if (path.startsWith('/review/api')) expect(headers['cache-control']).toBe('no-store');
  },
);

test.each([
  ['a body that is no JSON', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
])('%s is refused', async (_what, headers) => {
  const answer = await browser.ask('POST', '/session', { body: { name: 'a', password: 'b' }, headers });
  expect(answer).toMatchObject({ status: 400, body: { code: 'InvalidRequest' } });
});

test('what IMM clients ask at / is answered as before', async () => {
  const answer = await get('/review-elsewhere');
  expect(answer).toMatchObject({ status: 400, body: { Code: 'ResourceNotFound' } });
  expect(answer.headers).not.toHaveProperty('content-security-policy');
});
