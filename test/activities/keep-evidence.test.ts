import { MockActivityEnvironment } from '@temporalio/testing';
import { keepEvidence } from '../../src/activities/keep-evidence.js';
import { openStores, type Stores } from '../../src/deps.js';
import { TOOLS_ON_PATH } from '../../src/media/tools.js';
import type { EvidenceItem } from '../../src/schema/evidence.js';
import type { BlockFrame } from '../../src/schema/verdict.js';
import { fileSources, identifyFile } from '../../src/sources/file.js';
import { planOf } from '../support/decode-all.js';
import { fakeProgram } from '../support/fake-program.js';
import { samplePath } from '../support/installation.js';
import { clipDirectory } from '../support/make-video.js';

const place = clipDirectory();
let stores: Stores;
beforeAll(async () => {
  stores = await openStores({ dataDir: `${place.path}/data`, databaseUrl: null, blobs: null });
});
afterAll(async () => {
  await stores.records.close();
  place.remove();
});

/** What is kept of the parrot's second second, for a review. */
async function keep(ffmpegPath: string): Promise<EvidenceItem[]> {
  const path = samplePath('cockatoo.mp4');
  const { video, plan } = await planOf(path);
  const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
  const source = await identifyFile(path);
  const media = { ...TOOLS_ON_PATH, ffmpegPath, workDir: place.path };
  const frame: BlockFrame = {
    sample: 1,
    offset: 1,
    timeS: 1,
    rate: 90,
    label: 'porn',
    scene: 'porn',
    detectors: ['nsfwjs'],
  };
  return new MockActivityEnvironment().run(() =>
    keepEvidence(
      { blobs: stores.blobs, sources: fileSources(null), media },
      {
        source,
        video,
        plan,
        sampling: 'exact',
        segments: [segment],
        suggestion: 'review',
        blockFrames: [frame],
      },
    ),
  );
}

test('a review has a frame and a clip of what is disputed', async () => {
  const items = await keep('ffmpeg');
  expect(items.map(({ kind, contentType }) => [kind, contentType])).toEqual([
    ['frame', 'image/jpeg'],
    ['clip', 'video/mp4'],
  ]);
});

test('with an ffmpeg that has no x264 the clip is a WebM', async () => {
  const other = fakeProgram(`${place.path}/other`, 'ffmpeg', without('libx264'));
  expect((await keep(other)).map(({ kind, contentType }) => [kind, contentType])).toEqual([
    ['frame', 'image/jpeg'],
    ['clip', 'video/webm'],
  ]);
});

test('with an ffmpeg that can make no clip the evidence says so, and its frames are kept', async () => {
  const poor = fakeProgram(`${place.path}/poor`, 'ffmpeg', without('libx264', 'libvpx-vp9'));
  const [frame, missing] = await keep(poor);
  expect(frame).toMatchObject({ kind: 'frame', sample: 1 });
  expect(missing).toMatchObject({ kind: 'no clip', contentType: 'text/plain', sample: 1, startS: 0, widthPx: 0 });
  expect((await stores.blobs.get(missing!.digest)).toString()).toContain('neither libx264 and aac nor libvpx-vp9');
});

/** The real ffmpeg, whose list of encoders is without these. */
function without(...encoders: string[]): string {
  return `case "$*" in *-encoders*) ffmpeg "$@" | grep -vE ' (${encoders.join('|')}) '; exit;; esac\nexec ffmpeg "$@"`;
}
