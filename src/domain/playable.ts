import type { Why } from '../schema/console/task.js';
import type { VideoInfo } from '../schema/video.js';

/**
 * Codecs that a browser plays without help of the system, with the pixel formats that it decodes, by the beginning of ffprobe's name of the container. Chromium
 * is the measure, which decodes most in software; where another one knows less, its player says so.
 */
const PLAYED: readonly { container: string; contentType: string; codecs: Readonly<Record<string, RegExp>> }[] = [
  {
    container: 'mov,',
    contentType: 'video/mp4',
    codecs: { h264: /^yuvj?4(20|22|44)p(10le)?$/, av1: /^yuv420p(10le)?$/, vp9: /^yuv420p(10le)?$/ },
  },
  {
    container: 'matroska,webm',
    contentType: 'video/webm',
    codecs: { vp8: /^yuv420p$/, vp9: /^yuv420p(10le)?$/, av1: /^yuv420p(10le)?$/ },
  },
];

/** What a browser plays a video as, or why it does not. */
export function playableAs({
  container,
  codec,
  pixelFormat,
}: Pick<VideoInfo, 'container' | 'codec' | 'pixelFormat'>): { contentType: string } | { why: Why<'codec' | 'pixels'> } {
  const played = PLAYED.find((each) => container.startsWith(each.container));
  const formats = played?.codecs[codec];
  if (played === undefined || formats === undefined)
    return { why: { code: 'codec', values: { codec, container: container.split(',')[0] ?? container } } };
  if (!formats.test(pixelFormat)) return { why: { code: 'pixels', values: { codec, pixelFormat } } };
  return { contentType: played.contentType };
}
