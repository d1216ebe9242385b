import type { VideoInfo } from '../schema/video.js';
import type { Probed } from '../schema/probed.js';

/** How samples of a task lie in time. The frames of an image are counted: one a second, so that its `Offset` is the number of the frame. */
export function timelineOf(probed: Probed): Pick<VideoInfo, 'timeBase' | 'durationS' | 'damaged'> {
  if ('video' in probed) return probed.video;
  return { timeBase: { num: 1, den: 1 }, durationS: probed.image.frameCount, damaged: false };
}
