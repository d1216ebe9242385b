import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { errorMessage } from '../../domain/error-code.js';
import { EventHub, type Listener } from './event-hub.js';
import { signedIn, type SignedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import type { ConsoleService } from './service.js';

/** A comment so often keeps proxies from taking the connection for dead, in milliseconds. */
const COMMENT_EVERY_MS = 15_000;
/** How often it is looked whether the session goes on, in milliseconds. */
const CHECK_EVERY_MS = 5000;
/** Pages that listen at a time: each is a connection. */
const MOST_LISTENERS = 500;
const MOST_PER_MEMBER = 10;
/** A page that does not read what it is sent has to ask anew. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** `GET /events`: what changes in the queue, as server-sent events, for as long as the session lasts. */
export function events(app: FastifyInstance, console: ConsoleService): void {
  const hub = new EventHub(console.records.queue, (error) => {
    console.log('warn', 'The queue could not be looked at', { error: errorMessage(error) });
  });
  const streams = new Set<PassThrough>();
  // Before connections are waited for: these would not end by themselves.
  app.addHook('preClose', (done) => {
    for (const stream of streams) stream.end();
    done();
  });

  app.get('/events', (request, reply) => {
    const who = signedIn(request);
    const { name, projects } = who.member;
    if (hub.size >= MOST_LISTENERS || hub.countOf(name) >= MOST_PER_MEMBER)
      throw new ConsoleProblem('TooManyAttempts', 'Too many pages are open: close one.', CHECK_EVERY_MS / 1000);
    const stream = new PassThrough();
    const listener: Listener = {
      name,
      projects,
      tell(event, data) {
        if (stream.writableLength > MOST_UNREAD_BYTES) stream.end();
        if (stream.writable) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      },
    };
    const comments = setInterval(() => stream.writable && stream.write(':\n\n'), COMMENT_EVERY_MS);
    const checks = setInterval(() => {
      isOn(console, who).then(
        (goesOn) => goesOn || stream.end(),
        () => undefined,
      );
    }, CHECK_EVERY_MS);
    stream.on('close', () => {
      clearInterval(comments);
      clearInterval(checks);
      hub.remove(listener);
      streams.delete(stream);
    });
    streams.add(stream);
    stream.write('retry: 2000\n\n');
    hub.add(listener);
    return (
      reply
        .type('text/event-stream; charset=utf-8')
        // Some proxies would keep events back until there are many.
        .header('x-accel-buffering', 'no')
        .send(stream)
    );
  });
}

/** Whether a session goes on, with the same rights. */
async function isOn({ records, settings }: ConsoleService, { session, member }: SignedIn): Promise<boolean> {
  const found = await records.members.findSession(session.tokenDigest, new Date().toISOString());
  if (found === null) return false;
  const isIdle = Date.parse(found.session.seenAt) + settings().console.idleMs <= Date.now();
  return !isIdle && JSON.stringify(found.member.projects) === JSON.stringify(member.projects);
}
