import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { ExposureReport } from '../../src/schema/console/session.js';
import type { Revision } from '../../src/schema/verdict.js';
import { build } from '../support/build.js';
import { join, openChromium, openWindow, type ConsoleWindow } from '../support/chromium.js';
import { PARROT } from '../support/clips.js';
import { commandPlace, eventually, type Command, type CommandPlace } from '../support/cli.js';
import { runFfmpeg } from '../support/make-video.js';

const PASSWORD = 'correct horse battery';
const LINE = /^(\{"endpoint".*\})\n/m;

let place: CommandPlace;
let service: Command;
let ready: Record<'endpoint' | 'firstAdminUrl', string>;
let browser: Browser;
let desk: ConsoleWindow;

beforeAll(async () => {
  await build();
  browser = await openChromium();
  place = await commandPlace();
  service = place.start(['serve', '--dev', '--json', '--port', '0']);
  await service.tells(LINE);
  ready = JSON.parse(LINE.exec(service.told)![1]!) as typeof ready;
  desk = await openWindow(browser, ready.endpoint);
});
afterAll(async () => {
  await browser.close();
  await place.remove();
});

/** What axe finds, in words; both appearances. */
async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    found.push(
      ...violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    );
  }
  return found;
}

const tasks = () => place.stores(({ records }) => records.listTasks({ limit: 1 }));
/** Of the only task. */
const revisions = (): Promise<Revision[]> =>
  place.stores(async ({ records }) => records.revisions((await tasks())[0]!.request.taskId));

/** Passes the task that is shown, by keys. */
async function pass(page: Page): Promise<void> {
  await page.keyboard.press('p');
  await focused(page, 'Confirm: pass');
  await page.keyboard.press('Enter');
  await page.getByText('Passed: parrot.mkv').waitFor();
}

/** Waits until what begins with this text has focus. */
const focused = (page: Page, text: string): Promise<void> =>
  page
    .locator(':focus')
    .filter({ hasText: new RegExp(`^${text}`) })
    .waitFor();

test('whoever has the first link becomes the admin, and axe finds nothing on the way', async () => {
  const { page } = desk;
  await page.goto(ready.firstAdminUrl);
  await page.getByRole('heading', { name: 'Set up the first admin' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await join(page, ready.firstAdminUrl, 'mei', PASSWORD);
  expect(page.url()).toMatch(/#\/queue$/);
});

test('a task that needs a person appears in the open queue by itself, and what is being typed stays', async () => {
  const { page } = desk;
  await page.getByText('The queue is empty').waitFor();
  const tag = page.getByRole('searchbox', { name: 'Tag' });
  await tag.pressSequentially('team=');
  const video = place.path('parrot.mkv');
  runFfmpeg('-i', PARROT, '-c', 'copy', video);
  const moderated = place.run(['moderate', video, '--scenes', 'porn', '--json']);
  // Browsers do not play such a file. Whoever opens the task while it runs sees the clip once there is one.
  const watching = await desk.context.newPage();
  await eventually(async () => (await tasks()).length === 1, 'the task to begin');
  await watching.goto(`#/tasks/${(await tasks())[0]!.request.taskId}`);
  await watching.getByText('Clip 1 of 1').waitFor();
  await watching.close();
  await moderated;
  await page.getByRole('link', { name: 'parrot.mkv' }).waitFor();
  await page.getByText('1 waiting').waitFor();
  expect(await tag.inputValue()).toBe('team=');
  await tag.fill('');
});

test.each([
  ['#/queue', 'Queue'],
  ['#/tasks', 'Tasks'],
  ['#/lead', 'Numbers'],
  ['#/what-if', 'What if'],
  ['#/audit', 'Audit'],
  ['#/members', 'Members'],
  ['#/settings', 'Settings'],
])('axe finds nothing on %s, in light and in dark', async (fragment, title) => {
  const { page } = desk;
  await page.goto(fragment);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
  expect(await findings(page)).toEqual([]);
  expect(await page.getByRole('alert').allTextContents()).toEqual([]);
});

test('the threshold that is being typed stays while the one before it is tried', async () => {
  const { page } = desk;
  await page.goto('#/what-if');
  const [first, second] = [page.getByRole('spinbutton').nth(0), page.getByRole('spinbutton').nth(2)];
  await first.fill('0.6');
  const tried = page.waitForResponse(/\/lead\/what-if$/, { timeout: 120_000 });
  await first.press('Enter');
  await second.fill('0.9');
  await tried;
  await page.locator('.what-if__result.is-stale').waitFor({ state: 'detached' });
  expect(await second.inputValue()).toBe('0.9');
});

test('keys alone lead from the queue to a decision, and focus is never lost', async () => {
  const { page } = desk;
  await page.goto('#/queue');
  await page.getByRole('link', { name: 'parrot.mkv' }).waitFor();
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'parrot.mkv' }).waitFor();
  await page.getByText('Yours for').waitFor();
  await focused(page, 'parrot.mkv');
  expect(await findings(page)).toEqual([]);

  const veiled = page.locator('.stage__picture[class*="veil--blur"]');
  await veiled.waitFor();
  const reported = page.waitForRequest(/\/me\/exposure$/, { timeout: 120_000 });
  await page.keyboard.down('v');
  await veiled.waitFor({ state: 'detached' });
  await page.waitForTimeout(500);
  await page.keyboard.up('v');
  await veiled.waitFor();

  // Whatever somebody types as a note stays one: no letter of it is a key of the page, and no space presses anything.
  await page.keyboard.press('e');
  const note = 'by bus and plane: the blood is at 4 s';
  await page.keyboard.type(note);
  const asking = page.getByRole('dialog', { name: 'Escalate to a lead' });
  expect(await asking.getByRole('textbox').inputValue()).toBe(note);
  await page.keyboard.press('Escape');
  await asking.waitFor({ state: 'detached' });
  await page.keyboard.press('b');
  await page.keyboard.press('Space');
  await focused(page, 'Confirm: block');
  await page.keyboard.press('Escape');

  await page.keyboard.press('p');
  await page.getByRole('button', { name: /^Confirm: pass/ }).waitFor();
  await focused(page, 'Confirm');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('Passed: parrot.mkv').waitFor();
  // A slip is taken back by one key, which leads back to the task and takes it again.
  await page.keyboard.press('u');
  await page.getByRole('heading', { name: 'parrot.mkv' }).waitFor();
  await page.getByText('Passed: parrot.mkv').waitFor({ state: 'detached' });
  await page.getByText('Yours for').waitFor();
  expect(await revisions()).toHaveLength(1);
  // Also while the next task is still being asked for, which is then the very same.
  const withdrawn = page.waitForResponse(/\/queue\/withdraw$/, { timeout: 120_000 });
  await page.route(/\/queue\/next$/, (route) => withdrawn.then(() => route.continue()), { times: 1 });
  await pass(page);
  await page.keyboard.press('u');
  await withdrawn;
  await page.getByText('Passed: parrot.mkv').waitFor({ state: 'detached' });
  await page.getByText('Yours for').waitFor();
  await focused(page, 'parrot.mkv');
  await pass(page);
  // How long it was seen is told every quarter of a minute, and when the page is left.
  expect(((await reported).postDataJSON() as ExposureReport).seconds).toBeGreaterThan(0);
  // Nothing is left: the queue has focus, and says so once the decision stands.
  await focused(page, 'Queue');
  await page.getByText('The queue is empty').waitFor();
  expect(await revisions()).toHaveLength(2);
});

test('what was decided stands in the history of the task, with who decided it', async () => {
  const { page } = desk;
  await page.goto('#/tasks');
  await page.getByRole('link', { name: 'parrot.mkv' }).click();
  await page.getByRole('tab', { name: /^History/ }).click();
  await page.getByText('Revision 2 · person').waitFor();
  expect(await page.getByRole('listitem').filter({ hasText: 'Revision 2' }).textContent()).toContain('mei');
  expect(await findings(page)).toEqual([]);
});

test('the key / leads to the search for tasks; the keys are listed by ?, and the dialog gives focus back', async () => {
  const { page } = desk;
  await page.goto('#/settings');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.keyboard.press('/');
  await page.locator('#task-search:focus').waitFor();
  await page.keyboard.type('VideoModeration-');
  await page.waitForURL(/search=VideoModeration-$/, { waitUntil: 'commit' });
  await page.goto('#/settings');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await focused(page, 'Settings');
});

test('the language and the appearance are those that the member chose, also after loading the page again', async () => {
  const { page } = desk;
  await page.goto('#/settings');
  await page.getByLabel('Appearance').selectOption('dark');
  await page.getByLabel('Language').selectOption('zh-CN');
  await page.getByRole('heading', { name: '设置' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '设置' }).waitFor();
  expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dataset.theme]')).toEqual([
    'zh-CN',
    'dark',
  ]);
  expect(await findings(page)).toEqual([]);
});

test('nothing went wrong in the window, and no other host was asked', () => {
  expect(desk.faults).toEqual([]);
});
