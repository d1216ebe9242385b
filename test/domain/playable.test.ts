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
    ['avi', 'mpeg4', 'yuv420p', { code: 'codec', values: { codec: 'mpeg4', container: 'avi' } }],
    ['matroska,webm', 'h264', 'yuv420p', { code: 'codec', values: { codec: 'h264', container: 'matroska' } }],
    [MP4, 'hevc', 'yuv420p', { code: 'codec', values: { codec: 'hevc', container: 'mov' } }],
    [MP4, 'vp9', 'yuv444p', { code: 'pixels', values: { codec: 'vp9', pixelFormat: 'yuv444p' } }],
  ])('%s with %s %s: not, and it is said why', (container, codec, pixelFormat, why) => {
    expect(playableAs({ container, codec, pixelFormat })).toEqual({ why });
  });
});
