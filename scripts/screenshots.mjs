// `npm run screenshots`: pictures of the review console for the documentation, from a service of its own that has moderated the samples.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { provision } from './provision.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const images = join(root, 'docs', 'images');
const PROGRAM = join(root, 'framewarden');
/** The parrot is what the documentation tells of; the others keep it company in the queue. */
const SAMPLES = ['cockatoo.mp4', 'movie-hello.mpeg', 'grand-prix-1906.ogv', 'newtonscradle.gif'];
const SIZE = { width: 1280, height: 720 };

await provision({ development: true });
const { readConfig } = await import('../dist/config.js');
const { chromiumMissing, findChromium } = await import('../dist/setup/provide-chromium.js');
const config = readConfig();
const executablePath = findChromium(config);
if (executablePath === null) {
  console.error(chromiumMissing(config).message);
  process.exitCode = 1;
} else {
  await takePictures();
}

async function takePictures() {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-screenshots-'));
  const service = spawn(PROGRAM, ['--data', dataDir, 'serve', '--dev', '--json', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'close');
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu', '--disable-background-networking'] });
  try {
    const { firstAdminUrl } = await readyOf(service);
    for (const sample of SAMPLES) await moderate(dataDir, join(root, 'samples', sample));
    const page = await browser.newPage({
      viewport: SIZE,
      deviceScaleFactor: 1.5,
      locale: 'en-GB',
      colorScheme: 'light',
    });
    await signIn(page, firstAdminUrl);
    await mkdir(images, { recursive: true });
    await page.getByRole('link', { name: 'cockatoo.mp4' }).waitFor();
    await take(page, 'queue');
    await page.getByRole('link', { name: 'cockatoo.mp4' }).click();
    await page.locator('.stage').waitFor();
    await page.keyboard.press('c');
    await page.locator('.decide').waitFor();
    // It is a parrot: it may be seen.
    await page.keyboard.press('w');
    await take(page, 'task');
    const task = page.url();
    await page.keyboard.press('p');
    await page.keyboard.press('2');
    // The next one comes by itself.
    await page.waitForURL((url) => url.href !== task);
    await page.locator('.stage').waitFor();
    // It counts once it can no longer be taken back.
    await page.locator('.dock--undo').waitFor({ state: 'detached' });
    await page.goto(new URL('/review/#/lead', firstAdminUrl).href);
    await page.locator('.tiles').waitFor();
    await take(page, 'lead');
  } finally {
    await browser.close();
    service.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What the service prints once it can be used, as one line of JSON. */
async function readyOf(service) {
  for await (const line of createInterface({ input: service.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line);
  }
  throw new Error('Expected the service to say where it is, but it ended.');
}

async function moderate(dataDir, path) {
  const command = spawn(PROGRAM, ['--data', dataDir, 'moderate', path, '--json'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Whatever the verdict is: its exit code tells it.
  await once(command, 'close');
}

async function signIn(page, link) {
  await page.goto(link);
  await page.getByLabel('Name', { exact: true }).fill('mei');
  await page.getByLabel('Password', { exact: true }).fill('a parrot is a parrot');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
}

async function take(page, name) {
  // What is read out in passing, and pictures that are still fetched.
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(images, `${name}.png`) });
  console.log(`Made docs/images/${name}.png.`);
}
