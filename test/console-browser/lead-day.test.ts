import type { Browser } from 'playwright-core';
import { newLink } from '../../src/auth/console/new-link.js';
import type { Role } from '../../src/schema/member.js';
import { build } from '../support/build.js';
import { join, openChromium, openWindow, type ConsoleWindow } from '../support/chromium.js';
import { eventually } from '../support/cli.js';
import { PASSWORD } from '../support/console-member.js';
import { openService, type TestService } from '../support/service.js';
import { queuedTask, revisionsOf } from '../support/waiting-task.js';

let service: TestService;
let browser: Browser;
let ann: ConsoleWindow;
let bea: ConsoleWindow;
let taskIds: string[];

beforeAll(async () => {
  await build();
  service = await openService();
  await service.installation.startWorkers();
  taskIds = [];
  for (let n = 0; n < 3; n++) taskIds.push(await queuedTask(service.installation, { qualityShare: 0 }));
  browser = await openChromium();
  [ann, bea] = [await signedIn('ann', 'lead'), await signedIn('bea', 'lead')];
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function signedIn(name: string, role: Role): Promise<ConsoleWindow> {
  const { link, path } = newLink({ purpose: 'join', name: null, role, projects: null }, Date.now());
  await service.installation.records.members.keepLink(link);
  const window = await openWindow(browser, service.endpoint);
  await join(window.page, path, name, PASSWORD);
  return window;
}

/** Who made the latest revision of each task. */
const latest = async () =>
  (await Promise.all(taskIds.map((taskId) => revisionsOf(service.installation, taskId)))).map(
    (revisions) => revisions.at(-1)?.reviewer ?? null,
  );

test('several tasks that keys chose are decided at once, taken back by one key, and decided again for good', async () => {
  const { page } = ann;
  await page.getByText('3 waiting').waitFor();
  for (const chosen of ['1 selected', '2 selected']) {
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText(chosen).waitFor();
  }
  const chosen = page.getByRole('region', { name: 'Selected tasks' });
  await chosen.getByRole('button', { name: 'Block' }).click();
  await page.getByText('2 tasks blocked.').waitFor();
  await page.keyboard.press('u');
  await page.getByText('2 of 2 decisions taken back.').waitFor();
  await page.getByText('3 waiting').waitFor();
  expect(await latest()).toEqual([null, null, null]);

  await eventually(async () => (await page.getByRole('cell', { name: 'Open', exact: true }).count()) === 3, 'all open');
  await page.getByLabel('Select all that are open').check();
  await page.getByText('3 selected').waitFor();
  await chosen.getByRole('button', { name: 'Pass' }).click();
  await page.getByText('3 tasks passed.').waitFor();
  expect(await latest()).toEqual([null, null, null]);
  await page.getByText('The queue is empty').waitFor();
  await eventually(async () => (await latest()).join() === 'ann,ann,ann', 'decisions to count');
  expect(ann.faults).toEqual([]);
});

test('a decided task is appealed against in the console, and only somebody else can decide it then', async () => {
  const [taskId] = taskIds as [string];
  await ann.page.goto(`#/tasks/${taskId}`);
  await ann.page.getByRole('button', { name: 'Appeal' }).click();
  const dialog = ann.page.getByRole('dialog', { name: 'Appeal' });
  await dialog.getByRole('textbox').fill('The parrot says it was no parrot.');
  await dialog.getByRole('button', { name: 'Appeal' }).click();
  await ann.page.getByText('The task waits to be read again.').waitFor();
  await ann.page.goto('#/queue');
  await ann.page.getByText('Not for you').waitFor();

  const { page } = bea;
  await page.getByText('1 waiting').waitFor();
  await page.keyboard.press('n');
  await page.getByText('Yours for').waitFor();
  await page.getByText('The parrot says it was no parrot.').waitFor();
  // However soon Enter follows the key that chose, it confirms: focus is there before the browser has time for another key.
  const focused = await page.evaluate<string>(
    "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true })), Promise.resolve().then(() => document.activeElement.textContent)",
  );
  expect(focused).toMatch(/^Confirm: block/);
  await page.keyboard.press('Enter');
  await page.getByText(/^Blocked: /).waitFor();
  await page.getByText('The queue is empty').waitFor();
  await eventually(async () => (await latest())[0] === 'bea', 'the appeal to be decided', 60);
  expect((await revisionsOf(service.installation, taskId)).map(({ origin }) => origin)).toEqual([
    'machine',
    'person',
    'appeal',
  ]);
  expect([...ann.faults, ...bea.faults]).toEqual([]);
});

test('a lead finds the record whole by one button, and sees who decided what', async () => {
  const { page } = bea;
  await page.goto('#/audit');
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText(/^Whole: \d+ rows, from 1 on\.$/).waitFor();
  await page.getByPlaceholder('Who').fill('bea');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'bea' }).first().waitFor();
  await page.getByRole('cell', { name: 'ann' }).first().waitFor({ state: 'detached' });
});
