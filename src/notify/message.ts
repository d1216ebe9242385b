import type { Destination, NotificationPlan, ReviewCall, TopicDestination } from '../schema/notification.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { ReviewLevel } from '../schema/review-rules.js';

/** What happened, as every destination is told of it. */
export interface Occurrence {
  result: ModerationResultBody;
  plan: NotificationPlan;
  /** When it happened: ISO 8601, UTC. */
  time: string;
}

/** A task that waits for people, as their topics are told of it. */
export interface ReviewOccurrence extends Occurrence {
  call: ReviewCall;
  /** Who may decide it. */
  level: ReviewLevel;
  /** ISO 8601, UTC. */
  openedAt: string;
  dueAt: string | null;
}

/** The bytes that are delivered, as text. */
export interface Message {
  contentType: string;
  body: string;
}

/** IMM's name of itself, and ours for what IMM has no messages for. */
const SOURCE = 'acs.imm';
const OWN_SOURCE = 'framewarden';

const OWN_TYPES = {
  reminder: 'framewarden:Review:Reminder',
  escalated: 'framewarden:Review:Escalated',
} as const satisfies Record<ReviewCall, string>;

/** What a message says, whatever its format. */
interface Said extends Pick<Occurrence, 'plan' | 'time'> {
  source: string;
  type: string;
  project: string;
  content: Record<string, unknown>;
}

/** The message about an outcome for a destination. @param id see {@link messageId} */
export async function messageFor(destination: Destination, id: string, occurrence: Occurrence): Promise<Message> {
  if (destination.kind === 'object')
    return { contentType: 'application/json', body: JSON.stringify(contentOf(occurrence)) };
  const { plan, time, result } = occurrence;
  const type = `imm:Task:${result.TaskType}`;
  const said = { plan, time, source: SOURCE, type, project: result.ProjectName, content: contentOf(occurrence) };
  return formatted(destination, id, said);
}

/** The message to reviewers about a task that waits for them; of a type and a source of its own, so that nobody takes it for an outcome. */
export async function reviewMessageFor(
  destination: TopicDestination,
  id: string,
  occurrence: ReviewOccurrence,
): Promise<Message> {
  const { plan, time, call, level, openedAt, dueAt, result } = occurrence;
  const { ProjectName, TaskId, TaskType, UserData, ModerationResult } = result;
  const { URI, Suggestion, Categories } = ModerationResult ?? {};
  const content = {
    ...{ ProjectName, TaskId, TaskType, UserData, URI, Suggestion, Categories },
    Review: { Call: call, Level: level, WaitingSince: openedAt, ...(dueAt !== null && { DueAt: dueAt }) },
  };
  return formatted(destination, id, {
    plan,
    time,
    source: OWN_SOURCE,
    type: OWN_TYPES[call],
    project: ProjectName,
    content,
  });
}

function formatted({ format }: TopicDestination, id: string, said: Said): Message | Promise<Message> {
  return format === 'imm' ? immMessage(id, said) : cloudEvent(id, said);
}

/** The body that IMM publishes to MNS and RocketMQ, whose content is JSON within JSON. */
function immMessage(id: string, said: Said): Message {
  const body = {
    id,
    source: said.source,
    type: said.type,
    subject: subjectOf(said),
    time: String(Date.parse(said.time)),
    content: JSON.stringify(said.content),
  };
  return { contentType: 'application/json', body: JSON.stringify(body) };
}

/** The event that IMM sends to EventBridge, in the structured mode of CloudEvents over HTTP. */
async function cloudEvent(id: string, said: Said): Promise<Message> {
  // A tenth of a second of loading, for those who ask for it.
  const { CloudEvent, HTTP } = await import('cloudevents');
  const { plan, time, source, type, content } = said;
  const event = new CloudEvent({
    id,
    source,
    type,
    subject: subjectOf(said),
    time,
    datacontenttype: 'application/json;charset=utf-8',
    aliyunaccountid: plan.accountId,
    aliyunpublishtime: time,
    aliyuneventbusname: 'default',
    aliyunregionid: plan.region,
    data: content,
  });
  const { headers, body } = HTTP.structured(event);
  return { contentType: String(headers['content-type']), body: body as string };
}

const subjectOf = ({ plan, project, type }: Said): string =>
  `acs:imm:${plan.region}:${plan.accountId}:${project}/${type}`;

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
