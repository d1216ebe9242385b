import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import {
  EmptyFileError,
  EncryptedError,
  NotAFileError,
  NoVideoStreamError,
  UnreadableError,
  ZeroDurationError,
} from '../../src/media/errors.js';
import { probe } from '../../src/media/probe.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const OPTIONS = { interval: 1, maxFrames: 200, coverage: 'whole' } as const;
const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

function probed(path: string): Promise<VideoInfo> {
  return probe(path, OPTIONS, { tools: TOOLS_ON_PATH, signal: AbortSignal.timeout(60_000) });
}

describe('what cannot be moderated is named as what it is', () => {
  test('a directory', async () => {
    const path = join(clips.path, 'directory.mp4');
    mkdirSync(path);
    await expect(probed(path)).rejects.toThrow(NotAFileError);
  });

  test('an empty file', async () => {
    await expect(probed(clips.write('empty.mp4', ''))).rejects.toThrow(EmptyFileError);
  });

  test('noise, with what ffmpeg says of it', async () => {
    const noise = clips.write(
      'noise.mp4',
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251),
    );
    await expect(probed(noise)).rejects.toThrow(UnreadableError);
    await expect(probed(noise)).rejects.toThrow(/cannot be read as a video: \w+/);
  });

  test('an MP4 whose index is missing because its end is', async () => {
    const path = clips.make('unfinished.mp4', ...testPicture({ seconds: 2 }), ...x264(25));
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    await expect(probed(path)).rejects.toThrow(/moov atom not found/);
  });

  test('a playlist, which must not lead ffmpeg to other files', async () => {
    const other = clips.make('other.ts', ...testPicture({ seconds: 2 }), ...x264(25));
    const playlist = clips.write(
      'list.m3u8',
      `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${other}\n#EXT-X-ENDLIST\n`,
    );
    await expect(probed(playlist)).rejects.toThrow(UnreadableError);
    const concat = clips.write('list.ffconcat', `ffconcat version 1.0\nfile other.ts\n`);
    await expect(probed(concat)).rejects.toThrow(UnreadableError);
  });

  test('sound only, and sound with a cover picture', async () => {
    const tone = ['-f', 'lavfi', '-i', 'sine=d=1'];
    await expect(probed(clips.make('tone.m4a', ...tone))).rejects.toThrow(NoVideoStreamError);
    const cover = [
      ...tone,
      ...testPicture({ seconds: 0.04 }),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
    ];
    const song = clips.make('song.m4a', ...cover, '-disposition:v:0', 'attached_pic');
    await expect(probed(song)).rejects.toThrow(/got only (audio, cover picture|cover picture, audio)/);
  });

  test('encrypted pictures', async () => {
    const key = [
      '-encryption_key',
      '76a6c65c5ea762046bd749a2e632ccbb',
      '-encryption_kid',
      'a7e61c373e219033c21091fa607bf3b8',
    ];
    const scheme = ['-encryption_scheme', 'cenc-aes-ctr', ...key];
    const path = clips.make('encrypted.mp4', ...testPicture({ seconds: 2 }), ...x264(25), ...scheme);
    await expect(probed(path)).rejects.toThrow(EncryptedError);
  });

  test('a stream that holds no frame', async () => {
    const path = clips.make(
      'none.avi',
      ...testPicture({ seconds: 1 }),
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
      '-frames:v',
      '0',
    );
    await expect(probed(path)).rejects.toThrow(ZeroDurationError);
  });

  test('a file that is not there, with the system’s own code', async () => {
    await expect(probed(join(clips.path, 'absent.mp4'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
