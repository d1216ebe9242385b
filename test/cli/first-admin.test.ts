import { build } from '../support/build.js';
import { commandPlace, type Command, type CommandPlace } from '../support/cli.js';

const LINE = /^(\{"endpoint".*\})\n/m;

beforeAll(build);

let place: CommandPlace;
beforeAll(async () => {
  place = await commandPlace();
});
afterAll(() => place.remove());

interface Ready {
  endpoint: string;
  consoleUrl: string;
  firstAdminUrl: string | null;
}

async function serving(): Promise<{ command: Command; ready: Ready }> {
  const command = place.start(['serve', '--dev', '--json', '--port', '0']);
  await command.tells(LINE);
  return { command, ready: JSON.parse(LINE.exec(command.told)![1]!) as Ready };
}

test('whoever opens the link that a service prints becomes the first admin of its console, once; then it prints none', async () => {
  const first = await serving();
  const { endpoint, consoleUrl, firstAdminUrl } = first.ready;
  expect(consoleUrl).toBe(`http://${endpoint}/review/`);
  const [, secret = ''] = /^http:\/\/[\d.:]+\/review\/#\/join\/([\w-]{43})$/.exec(firstAdminUrl ?? '') ?? [];
  const use = () =>
    fetch(`http://${endpoint}/review/api/links/${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ann', password: 'a long password' }),
    });
  const used = await use();
  expect([used.status, await used.json()]).toMatchObject([
    200,
    { member: { name: 'ann', role: 'admin', projects: null }, projects: [{ name: 'demo' }] },
  ]);
  expect((await use()).status).toBe(410);
  first.command.kill('SIGTERM');
  await first.command.ended;

  const second = await serving();
  expect(second.ready.firstAdminUrl).toBeNull();
  second.command.kill('SIGTERM');
  await second.command.ended;
});
