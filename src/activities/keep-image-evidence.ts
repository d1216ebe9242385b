import { Context } from '@temporalio/activity';
import { chooseFrames } from '../domain/choose-evidence.js';
import { frameToJpeg } from '../media/image.js';
import { readImageFrame } from '../media/still.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { ModerationOptions } from '../schema/options.js';
import type { BlockFrame } from '../schema/verdict.js';
import type { ProbedImage } from '../schema/probed.js';
import type { ClassifyDeps } from './classify-segment.js';

/** A verdict on an image to be justified. */
export interface ImageEvidenceInput {
  probed: ProbedImage;
  options: ModerationOptions;
  blockFrames: BlockFrame[];
}

/** See `mediaActivities`. */
export async function keepImageEvidence(
  { blobs, sources, media: tools }: Pick<ClassifyDeps, 'blobs' | 'sources' | 'media'>,
  { probed, options, blockFrames }: ImageEvidenceInput,
): Promise<EvidenceItem[]> {
  const { cancellationSignal: signal } = Context.current();
  const local = await sources.open(probed.source, signal);
  try {
    const items: EvidenceItem[] = [];
    for (const { sample, timeS } of chooseFrames(blockFrames)) {
      const at = { frame: sample * options.interval, sample };
      const frame = await readImageFrame(local.path, probed.image, at, { tools, signal });
      const { bytes, widthPx, heightPx } = await frameToJpeg(frame);
      const digest = await blobs.put(bytes);
      items.push({
        kind: 'frame',
        sample,
        startS: timeS,
        endS: timeS,
        widthPx,
        heightPx,
        contentType: 'image/jpeg',
        digest,
      });
    }
    await local.assertUnchanged();
    return items;
  } finally {
    await local.release();
  }
}
