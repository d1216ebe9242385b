import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { post } from '../../src/notify/post.js';
import { newSecret, startReceiver, verified, type Behaviour, type Receiver } from '../support/receiver.js';

const [OLD, NEW] = [newSecret(), newSecret()];
const MESSAGE = { contentType: 'application/json', body: '{"text":"ä№😀"}' };
const never = new AbortController().signal;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const send = (secrets = [NEW], timeoutMs = 10_000, url = receiver.url) =>
  post({ url, secrets, timeoutMs }, 'message-1', MESSAGE, never);

test('what arrives is the message, signed so that the library verifies it', async () => {
  expect(await send()).toEqual({ kind: 'delivered' });
  const [received] = receiver.received;
  expect(received).toMatchObject({ path: '/hook', id: 'message-1', body: MESSAGE.body });
  expect(received!.headers['content-type']).toBe('application/json');
  expect(verified(received!, NEW)).toEqual({ text: 'ä№😀' });
  expect(() => verified(received!, OLD)).toThrow('No matching signature');
  expect(() => verified({ ...received!, body: MESSAGE.body.replace('a', 'b').replace('ä', 'a') }, NEW)).toThrow();
});

test('while a key is changed the message verifies with the old one and with the new one', async () => {
  await send([NEW, OLD]);
  const [received] = receiver.received;
  expect([verified(received!, OLD), verified(received!, NEW)]).toEqual([{ text: 'ä№😀' }, { text: 'ä№😀' }]);
  expect(String(received!.headers['webhook-signature']).split(' ')).toHaveLength(2);
});

test.each([200, 201, 202, 204, 299])('the answer %i is a delivery', async (status) => {
  receiver.next(status);
  expect(await send()).toEqual({ kind: 'delivered' });
});

const refusals: [string, Behaviour, { error: RegExp; isFinal: boolean; retryAfterMs: number | null }][] = [
  [
    '500',
    { status: 500, headers: {}, body: 'out of\n order' },
    { error: /500: out of order$/, isFinal: false, retryAfterMs: null },
  ],
  ['404', 404, { error: /404/, isFinal: false, retryAfterMs: null }],
  ['410', 410, { error: /410/, isFinal: true, retryAfterMs: null }],
  ['429', { status: 429, headers: { 'retry-after': '7' } }, { error: /429/, isFinal: false, retryAfterMs: 7000 }],
  ['drop', 'drop', { error: /the connection failed: ECONNRESET/, isFinal: false, retryAfterMs: null }],
];
test.each(refusals)('%s is told in a sentence', async (_, behaviour, { error, ...rest }) => {
  receiver.next(behaviour);
  expect(await send()).toEqual({ kind: 'refused', error: expect.stringMatching(error), ...rest });
});

test('a redirect is not followed', async () => {
  receiver.next({ status: 307, headers: { location: receiver.url } });
  expect(await send()).toMatchObject({ kind: 'refused', error: expect.stringMatching(/307/) });
  expect(receiver.received).toHaveLength(1);
});

test('a receiver that does not answer is left after the time-out, and one that is not there at once', async () => {
  receiver.next('hang');
  expect(await send([NEW], 300)).toMatchObject({ kind: 'refused', error: 'no answer within 0.3 s' });
  await receiver.down();
  expect(await send()).toMatchObject({ kind: 'refused', error: 'the connection failed: ECONNREFUSED' });
});

test('what is said of a failure does not hold the address, which may be secret', async () => {
  const outcomes = [
    await send([NEW], 10_000, 'http://user:hunter2@nowhere.invalid/hunter2'),
    await send([NEW], 10_000, receiver.url.replace('http:', 'https:').replace('/hook', '/hunter2')),
  ];
  for (const outcome of outcomes)
    expect(outcome).toEqual({
      kind: 'refused',
      error: expect.not.stringContaining('hunter2'),
      isFinal: false,
      retryAfterMs: null,
    });
});

test.each(['200 OK', '500 Oops'])('of an answer without an end, %s, only a little is read', async (status) => {
  const sockets: Socket[] = [];
  let sent = 0;
  const endless = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(`HTTP/1.1 ${status}\r\ntransfer-encoding: chunked\r\n\r\n`);
    const timer = setInterval(() => {
      if (socket.writable && socket.write(`400\r\n${'x'.repeat(1024)}\r\n`)) sent += 1024;
    }, 1);
    socket.on('close', () => {
      clearInterval(timer);
    });
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  const { port } = endless.address() as AddressInfo;
  const outcome = await send([NEW], 10_000, `http://127.0.0.1:${port}/`);
  expect(outcome.kind).toBe(status === '200 OK' ? 'delivered' : 'refused');
  // The connection is ended, not left to run.
  await new Promise((resolve) => sockets[0]!.on('close', resolve));
  expect(sent).toBeLessThan(1024 * 1024);
  await new Promise((resolve) => endless.close(resolve));
});

test('the secrets are those of the standard: its own example verifies', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const signature = new Webhook(secret).sign(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1614265330 * 1000),
    '{"test": 2432232314}',
  );
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});
