import { playableAs } from '../../src/domain/playable.js';

const MP4 = 'mov,mp4,m4a,3gp,3g2,mj2';

describe('whether browsers play a video', () => {
  it.each([
    [MP4, 'h264', 'yuv420p', 'video/mp4'],
    [MP4, 'h264', 'yuv444p', 'video/mp4'],
    [MP4, 'av1', 'yuv420p10le', 'video/mp4'],
    ['matroska,webm', 'vp9', 'yuv420p', 'video/webm'],
  ])('%s with %s %s: as %s', (container, codec, pixelFormat, contentType) => {
    expect(playableAs({ container, codec, pixelFormat })).toEqual({ contentType });
  });

  it.each([
    ['avi', 'mpeg4', 'yuv420p', 'Browsers do not play mpeg4 in avi.'],
    ['matroska,webm', 'h264', 'yuv420p', 'Browsers do not play h264 in matroska.'],
    [MP4, 'hevc', 'yuv420p', 'Browsers do not play hevc in mov.'],
    [MP4, 'vp9', 'yuv444p', 'Browsers do not play vp9 with pixels as yuv444p.'],
  ])('%s with %s %s: not, and it is said why', (container, codec, pixelFormat, why) => {
    expect(playableAs({ container, codec, pixelFormat })).toEqual({ why });
  });
});
