import { basename, extname } from 'node:path';
import type { HashBankBuilder } from '../banks/hash-bank-builder.js';
import { checkedName, MINIMUM_QUALITY, type HashIntake, type ListedFrame, type Place } from '../banks/hash-intake.js';
import { wordsOfHex, hexOf } from '../banks/hex.js';
import { ImportProblemError } from '../banks/import-problem.js';
import { HASH_WORDS } from '../detectors/known-media/pdq-hash.js';
import { pdqsForBank } from '../detectors/known-media/pdq.js';
import { VideoHashes } from '../detectors/known-media/video-hashes.js';
import { sampleTimeS } from '../domain/sample-plan.js';
import { errorMessage } from '../domain/error-code.js';
import { decodeSegment } from '../media/decode.js';
import { digestFile } from '../media/digest-file.js';
import { NotAnImageError } from '../media/image-errors.js';
import { probe } from '../media/probe.js';
import { readImageFrame, readImageInfo } from '../media/still.js';
import type { MediaTools } from '../media/tools.js';
import { provideFfmpeg } from '../setup/provide-ffmpeg.js';
import type { SamplePlan } from '../schema/plan.js';
import type { CommandContext } from './command.js';

/** How a video is probed: no frame can be left out by packets when all are wanted. */
const VIDEO_SAMPLING = { interval: 1, maxFrames: 28_800, coverage: 'head', sampling: 'exact' } as const;
/** Frames of a video that are hashed: more a second would not differ. */
const MOST_FRAMES_PER_S = 30;
/** Two hours, which at most take a million hashes, or two where bars lie around the picture. */
const MOST_SECONDS = 7200;
/** IMM's own limit does not bind operators; the pixels are bounded all the same. */
const ONE_PICTURE = { maxFrames: 1 };

/** Takes pictures and videos into a bank, by the names of their files without the ending, with the digest of the file as a whole. */
export function mediaHasher(
  { config, say, interrupt: signal }: CommandContext,
  builder: HashBankBuilder,
  intake: HashIntake,
): { add(media: { path: string; file: string }): Promise<void> } {
  let finding: Promise<MediaTools> | undefined;
  const tools = (): Promise<MediaTools> => (finding ??= provideFfmpeg({ ...config, say }));
  return {
    async add({ path, file }) {
      const place = { file, line: null };
      const entry = checkedName(basename(path, extname(path)), place);
      try {
        if (!(await addPicture(path, entry, place)))
          intake.addVideo(entry, await framesOf(path, await tools(), signal), place);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ImportProblemError) throw error;
        throw new ImportProblemError(file, null, `Expected a list, a picture or a video: ${errorMessage(error)}`);
      }
      const { sha256 } = await digestFile(path, signal);
      builder.addFile(entry, wordsOfHex(sha256, 8) as Uint32Array);
    },
  };

  /** `false`: it is no picture. */
  async function addPicture(path: string, entry: string, { file }: Place): Promise<boolean> {
    const image = await readImageInfo(path, 0, ONE_PICTURE).catch((error: unknown) => {
      if (error instanceof NotAnImageError) return null;
      throw error;
    });
    // Animations are told again as videos are.
    if (image === null || image.kind === 'animated') return false;
    const frame = await readImageFrame(path, image, { frame: 0, sample: 0 }, { tools: await tools(), signal });
    const hashes = pdqsForBank(frame);
    const best = Math.max(...hashes.map(({ quality }) => quality));
    if (best < MINIMUM_QUALITY)
      throw new ImportProblemError(
        file,
        null,
        `Expected a picture with a PDQ quality of ${MINIMUM_QUALITY} or more, found ${best}: it would match pictures that have nothing in common.`,
      );
    for (const { hash, quality } of hashes) if (quality >= MINIMUM_QUALITY) builder.addPicture(entry, hash);
    return true;
  }
}

/** vPDQ of every frame; frames that hardly differ from the one before are left out. */
async function framesOf(path: string, tools: MediaTools, signal: AbortSignal): Promise<ListedFrame[]> {
  const video = await probe(path, VIDEO_SAMPLING, { tools, signal });
  const rate = Math.min(MOST_FRAMES_PER_S, Math.max(1, Math.ceil(video.frameRate)));
  const count = Math.max(1, Math.floor(Math.min(video.durationS, MOST_SECONDS) * rate));
  const plan: SamplePlan = { kind: 'grid', spacing: { num: 1, den: rate }, count };
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const request = { path, video, plan, segment, sampling: VIDEO_SAMPLING.sampling, from: 0, tools };
  const { frames, digests } = decodeSegment(request, { signal });
  digests.catch(() => undefined);
  const kept = new VideoHashes();
  for await (const frame of frames) {
    kept.add(frame, sampleTimeS(plan, video.timeBase, frame.sample));
    frame.release();
  }
  const { hashes, qualities, timestampsS } = kept.build();
  return Array.from(qualities, (quality, index) => ({
    quality,
    hash: hexOf(hashes.subarray(index * HASH_WORDS, (index + 1) * HASH_WORDS)),
    timestampS: timestampsS[index] ?? 0,
  }));
}
