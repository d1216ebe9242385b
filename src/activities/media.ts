import { Context } from '@temporalio/activity';
import { digestFile } from '../media/digest-file.js';
import { probe } from '../media/probe.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { ImageFinding, ProbedVideo } from '../schema/probed.js';
import type { SegmentResult } from '../schema/observation.js';
import type { ModerationOptions } from '../schema/options.js';
import type { SourceRef } from '../schema/source.js';
import { classifyImage, type ClassifyImageInput } from './classify-image.js';
import { conclude, type ConcludeInput } from './conclude.js';
import { classifySegment, type ClassifyDeps, type ClassifyInput } from './classify-segment.js';
import { keepEvidence, type EvidenceInput } from './keep-evidence.js';
import { keepImageEvidence, type ImageEvidenceInput } from './keep-image-evidence.js';
import { heartbeating } from './heartbeating.js';
import { inActivity } from './in-activity.js';
import { named } from './named.js';

export type MediaDeps = ClassifyDeps;

/** Activities that need the source. They are cancelled with their task, and when the worker ends. */
export function mediaActivities(deps: MediaDeps) {
  return inActivity({
    /**
     * What is known of the video before any picture of it is classified, and the digest of the whole file.
     * Safe to retry: it only reads. Heartbeats without details. Permanent: a source that is gone, changed, or no video that can be read.
     */
    async probeVideo({
      source: ref,
      options,
    }: {
      source: SourceRef;
      options: ModerationOptions;
    }): Promise<ProbedVideo> {
      const { cancellationSignal: signal } = Context.current();
      const source = await heartbeating(deps.sources.identify(ref, signal));
      const local = await heartbeating(deps.sources.open(source, signal));
      try {
        const { path } = local;
        const found = named(source.uri, path, () =>
          Promise.all([probe(path, options, { tools: deps.media, signal }), digestFile(path, signal)]),
        );
        const [video, { sha256, md5 }] = await heartbeating(found);
        await local.assertUnchanged();
        return { source, video, sourceDigest: sha256, sourceMd5: md5 };
      } finally {
        await local.release();
      }
    },

    /**
     * Decodes and classifies one segment; all observations go to blobs.
     * Safe to retry: an attempt goes on from the checkpoint in the last heartbeat, and equal observations make equal blobs.
     * Permanent: a source that changed; decoding errors after a seek (`UnsafeSegment`), which another way of decoding answers.
     */
    async classifySegment(input: ClassifyInput): Promise<SegmentResult> {
      return classifySegment(deps, input);
    },

    /**
     * What only shows over all samples, or in the file itself; it goes to a blob of its own. Safe to retry: equal observations make equal blobs.
     * Heartbeats without details.
     */
    async conclude(input: ConcludeInput): Promise<SegmentResult> {
      return heartbeating(conclude(deps, input, Context.current().cancellationSignal));
    },

    /**
     * Reads an image within IMM's limits and classifies the frames asked for; all observations go to blobs.
     * Safe to retry: equal observations make equal blobs. Heartbeats without details.
     * Permanent: a source that is gone or changed, and what is no image or too large a one.
     */
    async classifyImage(input: ClassifyImageInput): Promise<ImageFinding> {
      return heartbeating(classifyImage(deps, input));
    },

    /** Keeps the frames of an image that justify a verdict. Safe to retry: equal pictures make equal blobs. */
    async keepImageEvidence(input: ImageEvidenceInput): Promise<EvidenceItem[]> {
      return heartbeating(keepImageEvidence(deps, input));
    },

    /**
     * Keeps the frames that justify a verdict, and for a review also clips of the disputed spans; answers where they lie.
     * Safe to retry: equal pictures make equal blobs. Heartbeats without details. Permanent: a source that is gone or changed.
     */
    async keepEvidence(input: EvidenceInput): Promise<EvidenceItem[]> {
      return heartbeating(keepEvidence(deps, input));
    },
  });
}

export type MediaActivities = ReturnType<typeof mediaActivities>;
