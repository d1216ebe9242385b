import type { FastifyInstance } from 'fastify';
import { bulk } from './bulk.js';
import { claims } from './claims.js';
import { QualityReadings } from './quality-readings.js';
import { queue } from './queue.js';
import { ReadAhead } from './read-ahead.js';
import { Reviewing } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** The queue and everything that readers do with what is in it. */
export function reviews(app: FastifyInstance, console: ConsoleService): void {
  const quality = new QualityReadings(console);
  app.addHook('onClose', () => quality.flush());
  const ahead = new ReadAhead(console);
  app.addHook('onClose', () => ahead.close());
  const reviewing = new Reviewing(console, quality);
  queue(app, console, reviewing, ahead);
  claims(app, console, reviewing);
  bulk(app, console, reviewing);
}
