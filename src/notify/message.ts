import type { Destination, NotificationPlan } from '../schema/notification.js';
import type { ModerationResultBody } from '../schema/result.js';

/** What happened, as every destination is told of it. */
export interface Occurrence {
  result: ModerationResultBody;
  plan: NotificationPlan;
  /** When it happened: ISO 8601, UTC. */
  time: string;
}

/** The bytes that are delivered, as text. */
export interface Message {
  contentType: string;
  body: string;
}

/** IMM's name of itself. */
const SOURCE = 'acs.imm';

/** The message for a destination. @param id see {@link messageId} */
export async function messageFor(destination: Destination, id: string, occurrence: Occurrence): Promise<Message> {
  if (destination.kind === 'object')
    return { contentType: 'application/json', body: JSON.stringify(contentOf(occurrence)) };
  return destination.format === 'imm' ? immMessage(id, occurrence) : cloudEvent(id, occurrence);
}

/** The body that IMM publishes to MNS and RocketMQ, whose content is JSON within JSON. */
function immMessage(id: string, occurrence: Occurrence): Message {
  const body = {
    id,
    source: SOURCE,
    type: typeOf(occurrence),
    subject: subjectOf(occurrence),
    time: String(Date.parse(occurrence.time)),
    content: JSON.stringify(contentOf(occurrence)),
  };
  return { contentType: 'application/json', body: JSON.stringify(body) };
}

/** The event that IMM sends to EventBridge, in the structured mode of CloudEvents over HTTP. */
async function cloudEvent(id: string, occurrence: Occurrence): Promise<Message> {
  // A tenth of a second of loading, for those who ask for it.
  const { CloudEvent, HTTP } = await import('cloudevents');
  const { plan, time } = occurrence;
  const event = new CloudEvent({
    id,
    source: SOURCE,
    type: typeOf(occurrence),
    subject: subjectOf(occurrence),
    time,
    datacontenttype: 'application/json;charset=utf-8',
    aliyunaccountid: plan.accountId,
    aliyunpublishtime: time,
    aliyuneventbusname: 'default',
    aliyunregionid: plan.region,
    data: contentOf(occurrence),
  });
  const { headers, body } = HTTP.structured(event);
  return { contentType: String(headers['content-type']), body: body as string };
}

const typeOf = ({ result }: Occurrence): string => `imm:Task:${result.TaskType}`;

const subjectOf = ({ result, plan }: Occurrence): string =>
  `acs:imm:${plan.region}:${plan.accountId}:${result.ProjectName}/${typeOf({ result, plan, time: '' })}`;

/** What a message tells of a task: the fields of every IMM task, and the result as the Get operations answer it. */
function contentOf({ result, plan }: Occurrence): Record<string, unknown> {
  const { ModerationResult, ...state } = result;
  return {
    DatasetName: '',
    RequestId: plan.requestId,
    EventSourceId: '',
    ...state,
    ...(ModerationResult === undefined ? {} : { ModerationResult }),
  };
}
