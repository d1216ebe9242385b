import { errorMessage } from '../domain/error-code.js';
import { durationMs } from '../domain/duration.js';
import type { Destination } from '../schema/notification.js';
import { topicId } from '../schema/notification.js';
import type { DeliveryConfig, TopicConfig } from '../schema/notification-config.js';
import type { SourceConfig } from '../schema/source-config.js';
import type { Message } from './message.js';
import { post, type PostOutcome } from './post.js';
import { writeObject } from './write-object.js';

/** What the operator decides about notifications, as it is now. */
export interface SenderSettings {
  /** By their ids, see `topicId`. */
  topics: ReadonlyMap<string, TopicConfig>;
  delivery: DeliveryConfig;
  sources: SourceConfig;
}

/** How patient deliveries are, in milliseconds. */
export interface Patience {
  longestWaitMs: number;
  retryForMs: number;
}

/** What became of an attempt: `failed` is tried again, `dead` is not. */
export type AttemptOutcome = 'delivered' | 'failed' | 'dead';

/** The way out of the house. */
export interface Sender {
  /** Makes one attempt. Never rejects. */
  send(destination: Destination, id: string, message: Message, signal: AbortSignal): Promise<PostOutcome>;
  patience(): Patience;
  /** Takes note of what became of an attempt. */
  count(outcome: AttemptOutcome): void;
}

/** Sends by the operator's configuration, which is asked anew each time: keys change while messages wait. */
export function createSender(settings: () => SenderSettings, count: Sender['count'] = () => undefined): Sender {
  return {
    count,
    async send(destination, id, message, signal) {
      const { topics, delivery, sources } = settings();
      const timeoutMs = durationMs(delivery.timeout);
      if (destination.kind === 'object') {
        try {
          await writeObject(destination, message, sources, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
          return { kind: 'delivered' };
        } catch (error) {
          return refused(errorMessage(error));
        }
      }
      const topic = topics.get(topicId(destination));
      if (topic === undefined) return refused('the topic is no longer configured');
      return post({ url: topic.url, secrets: topic.secrets, timeoutMs }, id, message, signal);
    },
    patience() {
      const { longestWait, retryFor } = settings().delivery;
      return { longestWaitMs: durationMs(longestWait), retryForMs: durationMs(retryFor) };
    },
  };
}

function refused(error: string): PostOutcome {
  return { kind: 'refused', error, isFinal: false, retryAfterMs: null };
}
