import { z } from 'zod';
import { NOTIFICATION_FORMATS, OBJECT_DESTINATION, topicId } from './notification.js';

/** As MNS and RocketMQ name topics and instances, with room to spare. */
const name = (what: string) =>
  z.string().regex(/^[\w.%-]{1,255}$/, `expected ${what} of 1-255 letters, digits, ., %, - and _`);

/** 24-64 bytes are what Standard Webhooks asks of a key. */
const LEAST_KEY_BYTES = 24;
const MOST_KEY_BYTES = 64;

const secret = z
  .string()
  .refine(
    isSecret,
    `expected whsec_ and ${LEAST_KEY_BYTES}-${MOST_KEY_BYTES} bytes in base64, as from: echo "whsec_$(openssl rand -base64 32)"`,
  );

const Topic = z.strictObject({
  /** What `Notification.MNS.TopicName` or `.RocketMQ.TopicName` calls it. */
  name: name('a topic name').refine(
    (topic) => topic !== OBJECT_DESTINATION,
    `expected another name than ${OBJECT_DESTINATION}`,
  ),
  /** `Notification.RocketMQ.InstanceId`; absent for topics of MNS. */
  instance: name('an instance id').optional(),
  /** Where messages are sent. May hold secrets: never logged. */
  url: z.url({ protocol: /^https?$/, error: 'expected an address such as https://example.org/moderation' }),
  format: z.enum(NOTIFICATION_FORMATS).default('imm'),
  /** Keys that messages are signed with, all of them: while a receiver changes from one to the other it has two. */
  secrets: z.array(secret).min(1).max(2),
  /** Projects whose tasks may name it; absent: those of every project. */
  projects: z.array(z.string().min(1)).optional(),
});
/** Where messages to a topic go, and what they are signed with. Holds secrets in clear: never logged. */
export type TopicConfig = z.infer<typeof Topic>;

export const TopicConfigs = z.array(Topic).superRefine((topics, context) => {
  const ids = topics.map(configuredId);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index)
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'expected every topic of an instance once' });
  });
});

const duration = z.string().regex(/^[1-9]\d{0,5}[smhd]$/, 'expected a duration such as 10s, 30m, 12h or 3d');

/** How hard it is tried to deliver a message. */
export const DeliveryConfig = z.strictObject({
  /** How long one attempt may take in all, at most a minute. */
  timeout: z
    .string()
    .regex(/^[1-9]\d?s$/, 'expected 1s to 60s')
    .refine((text) => Number.parseInt(text, 10) <= 60, 'expected 1s to 60s')
    .default('10s'),
  /** Longest wait between two attempts; the first is a second, each the double of the one before. */
  longestWait: duration.default('1h'),
  /** What was not delivered this long after its first attempt is given up; services take at most 6d, because messages are kept for a week. */
  retryFor: duration.default('3d'),
});
export type DeliveryConfig = z.infer<typeof DeliveryConfig>;

/** What a configured topic is called: see {@link topicId}. */
export function configuredId({ name: topic, instance }: Pick<TopicConfig, 'name' | 'instance'>): string {
  return topicId({ topic, instance: instance ?? null });
}

function isSecret(text: string): boolean {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (encoded === undefined || encoded.length % 4 !== 0) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= LEAST_KEY_BYTES && length <= MOST_KEY_BYTES;
}
