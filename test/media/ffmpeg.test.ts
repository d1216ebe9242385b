import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestFile } from '../../src/media/digest-file.js';
import { FfmpegError, FfmpegStalledError } from '../../src/media/ffmpeg-errors.js';
import { hasEncoder, hasFilter, isRecentEnough, parseFfmpegVersion } from '../../src/media/ffmpeg-features.js';
import { errorIn, isProgress } from '../../src/media/ffmpeg-log.js';
import { runFfmpeg } from '../../src/media/ffmpeg.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import { processStartTime } from '../../src/process/start-time.js';
import { fakeProgram } from '../support/fake-program.js';
import { clipDirectory, testPicture, x264 } from '../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});
const NONE = { major: 0, minor: 0, text: '' };
const signal = AbortSignal.timeout(100_000);
const sink = (): Writable =>
  new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });

function program(file: string, script: string): string {
  const path = clips.write(file, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function clip(): string {
  return clips.make('clip.mp4', ...testPicture({ seconds: 2 }), ...x264(25));
}

test('a run that ends well answers without errors, and leaves no record of itself', async () => {
  const childrenDir = join(clips.path, 'children');
  const tools = { ...TOOLS_ON_PATH, childrenDir };
  const target = join(clips.path, 'copy with spaces -y.mkv');
  const run = { inputOptions: [], path: clip(), outputOptions: ['-c', 'copy', '-metadata', 'title=two words'], target };
  expect(await runFfmpeg(run, { tools, signal })).toEqual({ errorCount: 0, errors: [] });
  expect(readdirSync(clips.path)).toContain('copy with spaces -y.mkv');
  await sleep(0);
  expect(readdirSync(childrenDir)).toEqual([]);
});

test('a run that fails says why, with exit code and command', async () => {
  const run = { inputOptions: [], path: clip(), outputOptions: ['-c:v', 'no_such_encoder', '-f', 'null'], target: '-' };
  const failed = runFfmpeg(run, { tools: TOOLS_ON_PATH, signal });
  await expect(failed).rejects.toThrow(FfmpegError);
  await expect(failed).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('no_such_encoder') as string,
  });
});

test('a program that is not there is named', async () => {
  const tools = { ...TOOLS_ON_PATH, ffmpegPath: 'no-such-ffmpeg' };
  const run = { inputOptions: [], path: clip(), outputOptions: ['-f', 'null'], target: '-' };
  await expect(runFfmpeg(run, { tools, signal })).rejects.toMatchObject({
    exitCode: 127,
    message: expect.stringContaining('no-such-ffmpeg: not found') as string,
  });
});

test('no protocol but files is opened', async () => {
  const playlist = clips.write('list.ffconcat', `ffconcat version 1.0\nfile 'http://127.0.0.1:9/x.mp4'\n`);
  const run = {
    inputOptions: ['-f', 'concat', '-safe', '0'],
    path: playlist,
    outputOptions: ['-f', 'null'],
    target: '-',
  };
  await expect(runFfmpeg(run, { tools: TOOLS_ON_PATH, signal })).rejects.toThrow(/whitelist|Protocol/);
});

test('a run that says nothing for too long is ended, also when it does not listen', async () => {
  const stuck = program('stuck', 'trap \'\' TERM; echo $$ > "$(dirname "$0")/pid"; while :; do sleep 0.1; done');
  const tools = { ...TOOLS_ON_PATH, ffmpegPath: stuck };
  const run = { inputOptions: [], path: clip(), outputOptions: ['-f', 'rawvideo'], target: sink() };
  await expect(runFfmpeg(run, { tools, signal, stallS: 0.5 })).rejects.toThrow(FfmpegStalledError);
  expect(processStartTime(Number(readFileSync(join(clips.path, 'pid'), 'utf8')))).toBeNull();
});

test('a run that goes on saying something is not ended', async () => {
  const slow = program('slow', 'for i in $(seq 15); do sleep 0.3; echo "frame=$i" >&2; done');
  const tools = { ...TOOLS_ON_PATH, ffmpegPath: slow };
  const run = { inputOptions: [], path: clip(), outputOptions: ['-f', 'rawvideo'], target: sink() };
  expect(await runFfmpeg(run, { tools, signal, stallS: 4 })).toEqual({ errorCount: 0, errors: [] });
});

test('a run is ended by its signal', async () => {
  const controller = new AbortController();
  const waiting = program('waiting', 'exec sleep 300');
  const run = { inputOptions: [], path: clip(), outputOptions: ['-f', 'rawvideo'], target: sink() };
  const running = runFfmpeg(run, { tools: { ...TOOLS_ON_PATH, ffmpegPath: waiting }, signal: controller.signal });
  setTimeout(() => {
    controller.abort(new Error('no longer wanted'));
  }, 100);
  await expect(running).rejects.toThrow('no longer wanted');
});

test('lines of stderr are told apart', () => {
  expect(errorIn('[h264 @ 0x55e183456c0] [error] no frame!')).toBe('h264: no frame!');
  expect(errorIn('[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1] [error] stream 0, offset 0x2: partial file')).toBe(
    'mov,mp4,m4a,3gp,3g2,mj2: stream 0, offset 0x2: partial file',
  );
  expect(errorIn('[fatal] Error')).toBe('Error');
  expect(errorIn('[h264 @ 0x1] [warning] Application has requested 20 threads')).toBeNull();
  expect(errorIn('Metadata: title [error] in its name')).toBeNull();
  expect(['frame=3', 'out_time=00:00:01', 'progress=end'].every(isProgress)).toBe(true);
  expect(isProgress('[error] frame=3')).toBe(false);
});

test('the version is read, and development builds count as newest', () => {
  const version = (text: string): ReturnType<typeof parseFfmpegVersion> =>
    parseFfmpegVersion(`ffmpeg version ${text} Copyright (c) 2000-2026 the FFmpeg developers`);
  expect(version('4.4.2-0ubuntu0')).toEqual({ major: 4, minor: 4, text: '4.4.2-0ubuntu0' });
  expect(parseFfmpegVersion('sh: ffmpeg: not found')).toBeNull();
  const recent = ['5.0', '5.1.9-0+deb12u1', 'n7.1', 'N-118-g1'].map((text) => isRecentEnough(version(text) ?? NONE));
  expect(recent).toEqual([false, true, true, true]);
});

test('filters and encoders are asked for, each once', async () => {
  const starts = join(clips.path, 'starts');
  const ffmpegPath = fakeProgram(join(clips.path, 'bin'), 'ffmpeg', `echo "$*" >> ${starts}; exec ffmpeg "$@"`);
  const tools = { ...TOOLS_ON_PATH, ffmpegPath };
  const filters = ['scale', 'blackdetect', 'no_such_filter'].map((name) => hasFilter(tools, name));
  expect(await Promise.all(filters)).toEqual([true, true, false]);
  const encoders = ['libx264', 'aac', 'scale', 'no_such_encoder'].map((name) => hasEncoder(tools, name));
  expect(await Promise.all(encoders)).toEqual([true, true, false, false]);
  expect(readFileSync(starts, 'utf8').trim().split('\n').sort()).toEqual([
    '-hide_banner -encoders',
    '-hide_banner -filters',
  ]);
});

test('a file’s digests are those of its bytes', async () => {
  const path = clips.write('abc', 'abc');
  expect(await digestFile(path, signal)).toEqual({
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    md5: '900150983cd24fb0d6963f7d28e17f72',
  });
  await expect(digestFile(path, AbortSignal.abort(new Error('no')))).rejects.toThrow();
});
