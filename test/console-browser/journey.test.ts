import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { stringify } from 'yaml';
import { build } from '../support/build.js';
import { join, openChromium, openWindow, type ConsoleWindow } from '../support/chromium.js';
import { CLIPS } from '../support/clips.js';
import { commandPlace, eventually, type CommandPlace } from '../support/cli.js';
import { immClient, resultOf, type Call } from '../support/imm-client.js';
import { contentOf, newSecret, startReceiver, type Receiver } from '../support/receiver.js';

const ACCOUNT = '1234567890123456';
const ENV = { FRAMEWARDEN_SECRET_KEY: 'a secret of thirty-two signs ....' };
const READY = /^(\{"endpoint".*\})\n/m;
const PASSWORD = 'correct horse battery';

let place: CommandPlace;
let receiver: Receiver;
let browser: Browser;
let call: Call;
let endpoint: string;
/** Two people at two browsers. */
let mei: ConsoleWindow;
let jonas: ConsoleWindow;

beforeAll(async () => {
  await build();
  [browser, place, receiver] = await Promise.all([openChromium(), commandPlace(), startReceiver()]);
  const configuration = {
    version: 1,
    accounts: [{ id: ACCOUNT }],
    projects: [{ name: 'uploads', account: ACCOUNT, notify: ['moderation'] }],
    sources: { buckets: [{ match: 'clips', directory: CLIPS }] },
    topics: [{ name: 'moderation', url: receiver.url, format: 'imm', secrets: [newSecret()] }],
  };
  writeFileSync(place.path('service.yaml'), stringify(configuration));
  const key = await place.run(['key', 'create', '--account', ACCOUNT, '--json'], ENV);
  const { accessKeyId, accessKeySecret } = JSON.parse(key.stdout) as Record<string, string>;
  const service = place.start(['serve', '--config', place.path('service.yaml'), '--json', '--port', '0'], ENV);
  await service.tells(READY);
  const ready = JSON.parse(READY.exec(service.told)![1]!) as Record<'endpoint' | 'firstAdminUrl', string>;
  endpoint = ready.endpoint;
  call = immClient({ endpoint, key: { accessKeyId: accessKeyId!, secret: accessKeySecret!, securityToken: null } });
  [mei, jonas] = await Promise.all([openWindow(browser, endpoint), openWindow(browser, endpoint)]);
  await join(mei.page, ready.firstAdminUrl, 'mei', PASSWORD);
  await join(jonas.page, await invitation(mei.page), 'jonas', PASSWORD);
});
afterAll(async () => {
  await browser.close();
  await place.remove();
  await receiver.close();
});

/** A link that mei makes for somebody. */
async function invitation(page: Page): Promise<string> {
  const { link } = await page.evaluate<{ link: string }>(
    `(async () => {
      const session = await (await fetch('/review/api/session')).json();
      const answer = await fetch('/review/api/members/links', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrfToken },
        body: JSON.stringify({ purpose: 'join', name: null, role: 'reviewer', projects: ['uploads'] }),
      });
      return { link: (await answer.json()).path };
    })()`,
  );
  return `http://${endpoint}${link}`;
}

/** Suggestions that the receiver was told, each message once, in the order of their arrival. */
const told = (): unknown[] => {
  const byId = new Map(receiver.delivered().map((message) => [message.id, contentOf(message)]));
  return [...byId.values()].map((content) => (content['ModerationResult'] as { Suggestion: string }).Suggestion);
};

test('the parrot that a machine is sure of goes to a person, whose word is recorded, told and counted', async () => {
  const { TaskId } = await call('CreateVideoModerationTask', {
    ProjectName: 'uploads',
    SourceURI: 'oss://clips/parrot.mp4',
    Scenes: '["porn"]',
  });
  expect(await resultOf(call, 'uploads', TaskId)).toMatchObject({ ModerationResult: { Suggestion: 'review' } });
  await eventually(() => told().join() === 'review', 'the first notification');

  // Both want the only task in the same moment: one has it, and the other is told.
  for (const { page } of [mei, jonas]) await page.getByRole('link', { name: 'parrot.mp4' }).waitFor();
  await Promise.all([mei, jonas].map(({ page }) => page.keyboard.press('n')));
  const holds = ({ page }: ConsoleWindow) => page.getByText('Yours for').isVisible();
  const holders = async () => {
    const found = await Promise.all([mei, jonas].map(async (each) => ((await holds(each)) ? [each] : [])));
    return found.flat();
  };
  await eventually(async () => (await holders()).length > 0, 'somebody to hold the task');
  const other = (await holders())[0] === mei ? jonas : mei;
  await other.page
    .getByText(/Nothing waits for you|The queue is empty/)
    .first()
    .waitFor();
  const [holder, ...more] = await holders();
  expect(more).toEqual([]);
  const { page, context } = holder!;

  // The timeline seeks, by mouse and by keys.
  await page.getByRole('slider', { name: 'Position in the video' }).waitFor();
  const slider = page.getByRole('slider', { name: 'Position in the video' });
  const position = async () => Number(await slider.getAttribute('aria-valuenow'));
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2);
  await eventually(async () => (await position()) > 4 && (await position()) < 11, 'the middle to be shown');

  // The network goes while the decision is on its way, and comes back.
  await page.keyboard.press('p');
  await page.getByRole('button', { name: /^Confirm: pass/ }).waitFor();
  await context.setOffline(true);
  await page.keyboard.press('Enter');
  await page
    .getByText(/Nobody has confirmed your decision yet/)
    .first()
    .waitFor();
  await context.setOffline(false);
  await eventually(() => told().join() === 'review,pass', 'the second notification', 60);

  const revisions = await place.stores(({ records }) => records.revisions(String(TaskId)));
  const name = holder === mei ? 'mei' : 'jonas';
  expect(revisions.map(({ origin, reviewer, verdict }) => [origin, reviewer, verdict.suggestion])).toEqual([
    ['machine', null, 'review'],
    ['person', name, 'pass'],
  ]);
  expect(
    await call('GetVideoModerationResult', {
      ProjectName: 'uploads',
      TaskId: String(TaskId),
      TaskType: 'VideoModeration',
    }),
  ).toMatchObject({
    ModerationResult: { Suggestion: 'pass', Categories: [], Frames: { BlockFrames: [] } },
  });

  await mei.page.goto('#/lead');
  await mei.page.getByText('Porn · Review').waitFor();
  expect(await mei.page.getByRole('region', { name: 'How often people overturn the machine' }).textContent()).toMatch(
    /100\s?%.*of 1 read/,
  );
  expect([...mei.faults, ...jonas.faults]).toEqual([]);
}, 180_000);
