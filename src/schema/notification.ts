/** What notifications look like: the message that IMM publishes to MNS and RocketMQ, or that which it sends to EventBridge. */
export const NOTIFICATION_FORMATS = ['imm', 'cloudevents'] as const;
export type NotificationFormat = (typeof NOTIFICATION_FORMATS)[number];

/** A topic of the operator's configuration, by name only: address and secrets are looked up whenever something is sent to it. */
export interface TopicDestination {
  kind: 'topic';
  topic: string;
  /** RocketMQ instance; `null` for a topic of MNS. */
  instance: string | null;
  /** As configured when the task was created. */
  format: NotificationFormat;
  /** What reviewers are told besides the outcomes of tasks, see {@link ReviewCall}; absent: an outcome. */
  occasion?: string;
}

/** Why a project's reviewers are told of a task: nobody has decided it for a while, or only a lead may from now on. */
export const REVIEW_CALLS = ['reminder', 'escalated'] as const;
export type ReviewCall = (typeof REVIEW_CALLS)[number];

/** An object that receives the whole result. */
export interface ObjectDestination {
  kind: 'object';
  /** `oss://bucket/key` or `s3://bucket/key`. */
  uri: string;
  /** `CredentialConfig.ServiceRole` of the task: which of the operator's credentials write to the bucket. */
  role?: string;
}

export type Destination = TopicDestination | ObjectDestination;

/** Whom a task tells of its outcome, and what is said about where it comes from. Holds no addresses of receivers and no secrets. */
export interface NotificationPlan {
  /** Told of outcomes; each once. */
  destinations: Destination[];
  /** Told of what waits for people; absent: nobody is. */
  reviewers?: TopicDestination[];
  /** `RequestId` of the call that created the task. */
  requestId: string;
  region: string;
  accountId: string;
  /** Queue of the workers that know the operator's topics. */
  queue: string;
}

/** How far a notification has come. `dead`: given up; it is sent again only when somebody asks for it. */
export const NOTIFICATION_STATES = ['pending', 'delivered', 'dead'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** Name of the one object destination that a task can have; no topic may be called so. */
export const OBJECT_DESTINATION = 'ExtendedMessageURI';

/** What a topic is called where there may be several instances: `name` or `instance/name`. */
export function topicId({ topic, instance }: Pick<TopicDestination, 'topic' | 'instance'>): string {
  return instance === null ? topic : `${instance}/${topic}`;
}

/** Names a destination among those of a task. */
export function destinationId(destination: Destination): string {
  if (destination.kind === 'object') return OBJECT_DESTINATION;
  const { occasion } = destination;
  return occasion === undefined ? topicId(destination) : `${topicId(destination)}#${occasion}`;
}
