import type { Browser, Page } from 'playwright-core';
import { newLink } from '../../src/auth/console/new-link.js';
import { build } from '../support/build.js';
import { join, openChromium, openWindow, untilFocused, type ConsoleWindow } from '../support/chromium.js';
import { PASSWORD } from '../support/console-member.js';
import { openConsole, type TestConsole } from '../support/console.js';
import { taskIn } from '../support/task-in.js';

/** More than the service answers at once. */
const WAITING = 230;

let service: TestConsole;
let browser: Browser;
let desk: ConsoleWindow;

beforeAll(async () => {
  await build();
  service = await openConsole();
  for (let n = 0; n < WAITING; n++) await taskIn(service.records, 'a');
  browser = await openChromium();
  desk = await openWindow(browser, service.endpoint);
  const { link, path } = newLink({ purpose: 'join', name: null, role: 'reviewer', projects: null }, Date.now());
  await service.records.members.keepLink(link);
  await join(desk.page, path, 'ann', PASSWORD);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const rows = (page: Page) => page.locator('[data-task]');

test('a queue longer than one answer is shown to its end by keys alone, each task once', async () => {
  const { page } = desk;
  await page.getByText('50 shown').waitFor();
  expect(await rows(page).count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('100 shown').waitFor();
  await untilFocused(rows(page).nth(50));

  // Beyond the last row, the key for the next one fetches more.
  for (const [shown, after] of [
    [150, 100],
    [225, 150],
    [WAITING, 225],
  ] as const) {
    await rows(page).last().focus();
    await page.keyboard.press('j');
    await page.getByText(`${shown} shown`).waitFor();
    await untilFocused(rows(page).nth(after));
  }
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  const ids = await page.evaluate<string[]>(
    "[...document.querySelectorAll('[data-task]')].map((link) => link.dataset.task)",
  );
  expect(new Set(ids).size).toBe(WAITING);
  expect(desk.faults).toEqual([]);
});
