import { availableParallelism } from 'node:os';
import { frameConversion } from '../../src/media/frame-format.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { timed, type Cost } from './programs.js';

/** Exact decode of one frame a second to the size and format in which frames leave ffmpeg, by one single-threaded ffmpeg for each core. */
export function idealDecode(path: string, video: VideoInfo): Promise<Cost> {
  const cores = availableParallelism();
  const cuts = [0, ...Array.from({ length: cores - 1 }, (_, index) => keyFrameNear(video, (index + 1) / cores))];
  const { format } = frameConversion(video, false);
  return timed(
    ...cuts.map((fromS, index): [string, ...string[]] => {
      const endS = cuts[index + 1];
      const length = endS === undefined ? [] : ['-t', String(endS - fromS)];
      const seek = fromS === 0 ? [] : ['-ss', String(fromS)];
      return ffmpeg(
        [...seek, ...length],
        path,
        video,
        ['-vf', `fps=1,format=${format}`, '-f', 'rawvideo', '/dev/null'],
        1,
      );
    }),
  );
}

/** All pictures decoded and thrown away, by one ffmpeg that may use all cores. */
export function plainDecode(path: string, video: VideoInfo): Promise<Cost> {
  return timed(ffmpeg([], path, video, ['-f', 'null', '-'], 0));
}

function ffmpeg(
  inputOptions: readonly string[],
  path: string,
  { x264Build }: VideoInfo,
  outputOptions: readonly string[],
  threads: number,
): [string, ...string[]] {
  const hint = x264Build === null ? [] : ['-x264_build', String(x264Build)];
  const input = [...['-threads', String(threads)], ...hint, ...inputOptions, '-i', path];
  return ['ffmpeg', '-nostdin', '-v', 'error', '-y', ...input, '-an', ...outputOptions];
}

/** Seconds to the first key frame from this share of the video on. */
function keyFrameNear({ keyFramePts, durationPts, timeBase }: VideoInfo, share: number): number {
  const pts = keyFramePts.find((at) => at >= durationPts * share) ?? 0;
  return Math.ceil((pts * timeBase.num * 1e6) / timeBase.den) / 1e6;
}
