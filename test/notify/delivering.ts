import { join } from 'node:path';
import { createSender, type AttemptOutcome, type SenderSettings } from '../../src/notify/sender.js';
import type { Destination, TopicDestination } from '../../src/schema/notification.js';
import { DeliveryConfig, TopicConfigs } from '../../src/schema/notification-config.js';
import { SourceConfig } from '../../src/schema/source-config.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { ListedNotification } from '../../src/store/notifications.js';
import { startTask } from '../../src/temporal/tasks.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, requestFor, type TestInstallation } from '../support/installation.js';

/** An installation whose tasks tell of themselves, by settings that a test may change at any time. */
export interface Delivering extends TestInstallation {
  settings: SenderSettings;
  /** What became of all attempts. */
  counted: AttemptOutcome[];
  /** Makes the topics that there are. */
  topics(...given: { name: string; url: string; secrets: string[]; format?: string }[]): void;
  /** How hard it is tried. */
  patience(given: { timeout?: string; longestWait?: string; retryFor?: string }): void;
  /** Starts a task that fails at once, or one that a person has to decide, and answers its id. */
  start(kind: 'fails' | 'review', destinations: Destination[]): Promise<string>;
  /** Everything kept about a task, by revision. */
  kept(taskId: string): Promise<ListedNotification[]>;
}

const ORIGIN = { requestId: 'R', region: 'local', accountId: '42' };

export async function openDelivering(): Promise<Delivering> {
  const settings: SenderSettings = {
    topics: new Map(),
    delivery: DeliveryConfig.parse({ longestWait: '1s' }),
    sources: SourceConfig.parse({}),
  };
  const counted: AttemptOutcome[] = [];
  const sender = createSender(
    () => settings,
    (outcome) => counted.push(outcome),
  );
  const installation = await openInstallation((deps) => ({ ...deps, sender }));
  const { queues } = installation.tasks;
  return {
    ...installation,
    settings,
    counted,
    topics(...given) {
      settings.topics = new Map(TopicConfigs.parse(given).map((topic) => [topic.name, topic]));
    },
    patience(given) {
      settings.delivery = DeliveryConfig.parse({ longestWait: '1s', ...given });
    },
    async start(kind, destinations) {
      const path = kind === 'review' ? PARROT : join(installation.config.dataDir, 'framewarden.db');
      const request: TaskRequest = {
        ...(await requestFor(installation, path, { options: { sampling: 'keyframe' } })),
        ...(destinations.length === 0 ? {} : { notify: { ...ORIGIN, destinations, queue: queues.notifications } }),
      };
      await startTask(installation.tasks, request);
      return request.taskId;
    },
    async kept(taskId) {
      const all = await installation.records.notifications.list({ limit: 1000 });
      return all.filter((each) => each.taskId === taskId).sort((a, b) => a.revision - b.revision);
    },
  };
}

/** A topic of MNS. */
export function topic(name: string, format: TopicDestination['format'] = 'imm'): TopicDestination {
  return { kind: 'topic', topic: name, instance: null, format };
}
