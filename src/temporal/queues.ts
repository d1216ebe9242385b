/** Task queues of one installation: what only it can do carries its id, so that two on one cluster never take each other's work. */
export interface Queues {
  /** Workflows, and short activities with access to the record store. */
  moderation: string;
  /** Probing, classifying and evidence: what needs the source. */
  media: string;
  /** The same for sources that only a service's configuration can read. */
  sources: string;
  /** Delivering notifications to the topics of a service's configuration. */
  notifications: string;
}

export function queuesOf(installation: string): Queues {
  return {
    moderation: `moderation@${installation}`,
    media: `media@${installation}`,
    sources: `sources@${installation}`,
    notifications: `notifications@${installation}`,
  };
}
