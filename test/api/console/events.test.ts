import { request } from 'node:http';
import type { Browser } from '../../support/browser.js';
import { eventually } from '../../support/cli.js';
import { PASSWORD } from '../../support/console-member.js';
import { joined, openConsole, type TestConsole } from '../../support/console.js';
import { taskIn } from '../../support/task-in.js';

let face: TestConsole;
beforeAll(async () => {
  face = await openConsole();
});
afterAll(async () => {
  await face.close();
});

/** A page that listens: everything it was sent so far, and whether the stream has ended. */
function listen({ endpoint, cookies }: Browser) {
  const [hostname, port] = endpoint.split(/:(?=\d+$)/);
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const heard = { status: 0, type: '', text: '', hasEnded: false };
  const asked = request({ hostname, port, path: '/review/api/events', headers: { cookie }, agent: false }, (answer) => {
    heard.status = answer.statusCode ?? 0;
    heard.type = answer.headers['content-type'] ?? '';
    answer.setEncoding('utf8').on('data', (part: string) => (heard.text += part));
    answer.on('close', () => (heard.hasEnded = true));
  });
  asked.on('error', () => undefined).end();
  return { heard, close: () => asked.destroy() };
}

test('changes of the queue are told as they happen, of the projects that a member sees', async () => {
  const [ann, ben] = [await joined(face, 'ann', 'reviewer', ['a']), await joined(face, 'ben', 'reviewer', ['b'])];
  const [atAnn, atBen] = [listen(ann), listen(ben)];
  await eventually(() => atAnn.heard.text.includes('"waiting":0'), 'the first counts');
  expect([atAnn.heard.status, atAnn.heard.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const taskId = await taskIn(face.records, 'a');
  await eventually(() => atAnn.heard.text.includes(taskId), 'the task to be told of');
  expect(atAnn.heard.text).toContain(`event: queue\ndata: {"taskIds":["${taskId}"]}\n\n`);
  expect(atAnn.heard.text).toContain('event: counts\ndata: {"waiting":1,"claimed":0,"escalated":0');
  await eventually(() => atBen.heard.text.includes('"waiting":0'), 'the counts of the other project');
  expect(atBen.heard.text).not.toContain(taskId);
  expect(atBen.heard.text).not.toContain('"waiting":1');
  atAnn.close();
  atBen.close();
});

test('the stream ends with the session, and a member has ten at most', async () => {
  const cat = await joined(face, 'cat');
  const pages = Array.from({ length: 11 }, () => listen(cat));
  await eventually(() => pages.every(({ heard }) => heard.status !== 0), 'all to be answered');
  expect(pages.map(({ heard }) => heard.status).sort()).toEqual([...Array<number>(10).fill(200), 429]);
  await face.records.members.change('cat', { isDisabled: true });
  await eventually(() => pages.every(({ heard }) => heard.hasEnded), 'the streams to end');
  await face.records.members.change('cat', { isDisabled: false });
  await cat.ask('POST', '/session', { body: { name: 'cat', password: PASSWORD } });
  const again = listen(cat);
  await eventually(() => again.heard.status === 200, 'to be let in again');
  again.close();
});
