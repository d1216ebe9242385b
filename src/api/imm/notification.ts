import { z } from 'zod';
import { invalidArgument } from '../../domain/imm-error.js';
import { writableObject } from '../../notify/write-object.js';
import {
  destinationId,
  topicId,
  type Destination,
  type NotificationPlan,
  type ObjectDestination,
  type TopicDestination,
} from '../../schema/notification.js';
import { SourceRefusedError } from '../../sources/errors.js';
import type { ServiceSettings } from '../service.js';
import type { Call } from './operation.js';

/** What `NotifyTopicName` may have, the parameter of clients from before `Notification`. */
const NAME_BYTES = 255;

const text = z.string('expected a text').min(1, 'expected a text that is not empty');

const Notification = z.strictObject(
  {
    MNS: z.strictObject({ TopicName: text }, { error: 'expected an object with TopicName' }).optional(),
    RocketMQ: z
      .strictObject(
        { InstanceId: text, TopicName: text },
        { error: 'expected an object with InstanceId and TopicName' },
      )
      .optional(),
    ExtendedMessageURI: text.optional(),
  },
  { error: 'expected MNS, RocketMQ or ExtendedMessageURI' },
);

/**
 * Whom a Create call wants told of the task's outcome, and whom its project always tells, of that or of what waits for people; `null`: nobody.
 * @param role `CredentialConfig.ServiceRole`, which writes the object, too
 * @throws {ImmError} InvalidArgument where a topic is not configured, or the object cannot be written
 */
export function readNotification(call: Call, role: string | undefined, queue: string): NotificationPlan | null {
  const { service, project, parameters, requestId } = call;
  const settings = service.settings();
  const asked = parameters.json('Notification', 'object', Notification) ?? {};
  const legacy = parameters.boundedText('NotifyTopicName', NAME_BYTES);
  const topic = (parameter: string, name: string, instance: string | null) =>
    findTopic(settings, project.name, { parameter, topic: name, instance });
  const destinations: Destination[] = [
    ...(asked.MNS === undefined ? [] : [topic('Notification.MNS', asked.MNS.TopicName, null)]),
    ...(asked.RocketMQ === undefined
      ? []
      : [topic('Notification.RocketMQ', asked.RocketMQ.TopicName, asked.RocketMQ.InstanceId)]),
    ...(legacy === '' ? [] : [topic('NotifyTopicName', legacy, null)]),
    ...project.notify,
    ...(asked.ExtendedMessageURI === undefined ? [] : [findObject(settings, asked.ExtendedMessageURI, role)]),
  ];
  const { reviewers } = project;
  if (destinations.length === 0 && reviewers.length === 0) return null;
  const once = new Map(destinations.map((destination) => [destinationId(destination), destination]));
  const { region } = settings;
  return {
    destinations: [...once.values()],
    ...(reviewers.length > 0 && { reviewers: [...reviewers] }),
    requestId,
    region,
    accountId: project.account,
    queue,
  };
}

function findTopic(
  { topics }: ServiceSettings,
  project: string,
  { parameter, topic, instance }: { parameter: string; topic: string; instance: string | null },
): TopicDestination {
  const found = topics.get(topicId({ topic, instance }));
  // Those of other projects are none of its business.
  if (found === undefined || !(found.projects?.includes(project) ?? true)) {
    const where = instance === null ? '' : ` of the instance ${JSON.stringify(instance.slice(0, NAME_BYTES))}`;
    throw invalidArgument(
      `Expected ${parameter} to name a configured topic, got ${JSON.stringify(topic.slice(0, NAME_BYTES))}${where}.`,
    );
  }
  return { kind: 'topic', topic, instance, format: found.format };
}

function findObject({ sources }: ServiceSettings, uri: string, role: string | undefined): ObjectDestination {
  const destination: ObjectDestination = { kind: 'object', uri, ...(role === undefined ? {} : { role }) };
  try {
    writableObject(destination, sources);
    return destination;
  } catch (error) {
    if (!(error instanceof SourceRefusedError)) throw error;
    throw invalidArgument(`Expected Notification.ExtendedMessageURI to be an object to write: ${error.reason}.`);
  }
}
