import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { readConfig } from '../../src/config.js';
import { chromiumMissing, findChromium } from '../../src/setup/provide-chromium.js';

/** Starts Chromium without a window; the caller closes it. @throws {ChromiumMissingError} */
export async function openChromium(): Promise<Browser> {
  const config = readConfig();
  const executablePath = findChromium(config);
  if (executablePath === null) throw chromiumMissing(config);
  return chromium.launch({ executablePath, args: ['--disable-gpu', '--disable-background-networking'] });
}

/** Somebody's window on the console: with cookies of its own, and with what went wrong in it. */
export interface ConsoleWindow {
  page: Page;
  context: BrowserContext;
  /** Errors that the page threw or logged, and requests to other hosts. */
  faults: string[];
}

/** Opens a window on the console of a service, `host:port`. */
export async function openWindow(
  browser: Browser,
  endpoint: string,
  options: { locale?: string; colorScheme?: 'light' | 'dark'; viewport?: { width: number; height: number } } = {},
): Promise<ConsoleWindow> {
  const context = await browser.newContext({
    baseURL: `http://${endpoint}/review/`,
    locale: 'en-GB',
    viewport: { width: 1280, height: 720 },
    reducedMotion: 'reduce',
    ...options,
  });
  // For machines that are busy with other things; nothing is waited for longer than it takes.
  context.setDefaultTimeout(120_000);
  const faults: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    // A refused request is an answer like any other: the browser logs every 4xx.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`http://${endpoint}/`)) faults.push(`asked ${request.url()}`);
  });
  return { page, context, faults };
}

/** Uses a one-time link, which is below the service's address or whole, and waits for the queue. */
export async function join(page: Page, link: string, name: string, password: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
}

/**
 * Waits until this element has focus. `page.waitForFunction` would not do: from its second look on it evaluates text in the page, which the console's
 * content security policy refuses.
 */
export const untilFocused = (element: Locator): Promise<void> =>
  element.and(element.page().locator(':focus')).waitFor();
