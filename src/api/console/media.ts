import type { FastifyInstance } from 'fastify';
import { errorMessage } from '../../domain/error-code.js';
import { playableAs } from '../../domain/playable.js';
import type { SourceView } from '../../schema/console/task.js';
import type { EvidenceItem } from '../../schema/evidence.js';
import type { TaskRecord } from '../../store/records.js';
import { BlobNotFoundError } from '../../store/blobs.js';
import { answerBytes } from './answer-bytes.js';
import { enterTask } from './guard.js';
import { ConsoleProblem } from './problem.js';
import type { ConsoleService } from './service.js';

/** Endings of what evidence may be; whatever else a record says is not shown. */
const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'video/mp4': 'mp4', 'video/webm': 'webm' };

/** How long a source is asked whether it is still there, when a task is looked at. */
const ASK_MS = 1500;

/** Frames, clips and whole videos, as untrusted as they are. */
export function media(app: FastifyInstance, console: ConsoleService): void {
  app.get<{ Params: { id: string; position: string } }>('/tasks/:id/evidence/:position', async (request, reply) => {
    const { id, position } = request.params;
    const task = await enterTask(console, request, id);
    const items = await console.records.evidence(task.request.taskId);
    const item = /^\d{1,4}$/.test(position) ? items[Number(position)] : undefined;
    const ending = item === undefined ? undefined : ENDINGS[item.contentType];
    if (item === undefined || ending === undefined)
      throw new ConsoleProblem('NotFound', 'There is no such picture or clip.');
    const bytes = await blobOf(console, item);
    return answerBytes(request, reply, {
      contentType: item.contentType,
      sizeBytes: bytes.byteLength,
      digest: item.digest,
      name: `${task.request.taskId}-${position}.${ending}`,
      read: ({ from, to }) => Promise.resolve(bytes.subarray(from, to + 1)),
    });
  });

  app.get<{ Params: { id: string } }>('/tasks/:id/source', async (request, reply) => {
    const task = await enterTask(console, request, request.params.id);
    const played = playedAs(task);
    if ('why' in played) throw new ConsoleProblem('SourceUnavailable', 'Browsers do not play the whole video.');
    const { source, sourceDigest } = played;
    return answerBytes(request, reply, {
      contentType: played.contentType,
      sizeBytes: source.sizeBytes,
      digest: sourceDigest,
      name: `${task.request.taskId}.${ENDINGS[played.contentType] ?? 'bin'}`,
      read: (range, signal) =>
        console.sources.read(source, range, signal).catch((error: unknown) => {
          throw unavailable(error);
        }),
    });
  });
}

/** Whether the whole video can be played, which is asked of where it lies. */
export async function sourceView(task: TaskRecord, { sources }: Pick<ConsoleService, 'sources'>): Promise<SourceView> {
  const played = playedAs(task);
  if ('why' in played) return { isPlayable: false, why: played.why };
  const { source, contentType } = played;
  // Content that only its digest names would have to be fetched to be asked about.
  if (!source.version.startsWith('sha256:')) {
    const signal = AbortSignal.timeout(ASK_MS);
    try {
      await sources.identify(source, signal);
    } catch (error) {
      const said = { code: 'said' as const, values: { text: unavailable(error).message } };
      return { isPlayable: false, why: signal.aborted ? { code: 'silent', values: {} } : said };
    }
  }
  return { isPlayable: true, path: `/tasks/${task.request.taskId}/source`, contentType };
}

function playedAs({ probed }: TaskRecord) {
  if (probed === null) return { why: { code: 'notProbed' as const, values: {} } };
  if (!('video' in probed)) return { why: { code: 'still' as const, values: {} } };
  const played = playableAs(probed.video);
  return 'why' in played ? played : { ...played, source: probed.source, sourceDigest: probed.sourceDigest };
}

/** Of sources all errors say in a sentence for people what is the matter, without credentials. */
function unavailable(error: unknown): ConsoleProblem {
  const isOfSource = error instanceof Error && error.name.startsWith('Source');
  return new ConsoleProblem('SourceUnavailable', isOfSource ? errorMessage(error) : 'The source cannot be read now.');
}

async function blobOf({ blobs }: Pick<ConsoleService, 'blobs'>, { digest }: EvidenceItem): Promise<Buffer> {
  try {
    return await blobs.get(digest);
  } catch (error) {
    if (error instanceof BlobNotFoundError) throw new ConsoleProblem('NotFound', 'This evidence is not kept any more.');
    throw error;
  }
}
