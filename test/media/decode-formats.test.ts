import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameBytes } from '../../src/media/frame-format.js';
import { toRgb } from '../../src/media/rgb.js';
import { allPictures, EXACT, FAST, KEYFRAME, linearFrames, planOf, type DecodedFrames } from '../support/decode-all.js';
import { clipDirectory, runFfmpeg, testPicture, turnClockwise, writeMatrix, x264 } from '../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

/** Red, green and blue in the middle of a quarter of the first frame, counted from top left. */
function colourOf(frames: DecodedFrames, quarter: { right: boolean; lower: boolean }, colour = {}): number[] {
  const { widthPx, heightPx, first, format } = frames;
  const rgb = toRgb({ widthPx, heightPx, format, data: first, colour: { matrix: null, range: null, ...colour } });
  const x = Math.floor(widthPx * (quarter.right ? 0.75 : 0.25));
  const y = Math.floor(heightPx * (quarter.lower ? 0.75 : 0.25));
  return [...rgb.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3)];
}

const TOP_LEFT = { right: false, lower: false };
const TOP_RIGHT = { right: true, lower: false };

function expectColour(actual: number[], expected: readonly number[]): void {
  actual.forEach((value, channel) => {
    expect(Math.abs(value - (expected[channel] ?? 0))).toBeLessThanOrEqual(12);
  });
}

/** A still of one second whose quarters are red (top left), green, blue (bottom left) and white, as `inputs` of ffmpeg. */
function quarters(width: number, height: number, seconds = 1): string[] {
  const quarter = `${width / 2}x${height / 2}`;
  const input = (colour: string): string[] => ['-f', 'lavfi', '-i', `color=${colour}:s=${quarter}:r=25:d=${seconds}`];
  const graph = '[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack,format=gbrp';
  return [...['red', 'lime', 'blue', 'white'].flatMap(input), '-filter_complex', graph];
}

let upright: Buffer | null = null;
/** The quarters in an MP4 file of its own, whose container says nothing of how they are turned. */
function quartersIn(file: string): string {
  upright ??= readFileSync(clips.make('upright.mp4', ...quarters(64, 48), ...x264(25)));
  return clips.write(file, upright);
}

test('a picture turned by its container is turned upright', async () => {
  const path = quartersIn('turned.mp4');
  turnClockwise(path);
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject({ widthPx: 48, heightPx: 64, format: 'yuv420p' });
  // Turned clockwise, what was at the bottom left comes to the top left.
  expectColour(colourOf(frames, TOP_LEFT), [0, 0, 255]);
  expectColour(colourOf(frames, TOP_RIGHT), [255, 0, 0]);
});

const COLOURS = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255], white: [255, 255, 255] } as const;

test.each([
  ['mirrored left to right', [-1, 0, 0, 1], 'green', 'red'],
  ['mirrored upside down', [1, 0, 0, -1], 'blue', 'white'],
  ['turned half way round', [-1, 0, 0, -1], 'white', 'blue'],
  ['turned anticlockwise', [0, -1, 1, 0], 'green', 'white'],
  ['mirrored along its diagonal', [0, 1, 1, 0], 'red', 'blue'],
  ['mirrored along its other diagonal', [0, -1, -1, 0], 'white', 'green'],
] as const)('a picture %s by its container is shown as players show it', async (name, matrix, topLeft, topRight) => {
  const path = quartersIn(`${name}.mp4`);
  writeMatrix(path, matrix);
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject(matrix[0] === 0 ? { widthPx: 48, heightPx: 64 } : { widthPx: 64, heightPx: 48 });
  expectColour(colourOf(frames, TOP_LEFT), COLOURS[topLeft]);
  expectColour(colourOf(frames, TOP_RIGHT), COLOURS[topRight]);
});

test.each([
  ['wide', '8/3', { widthPx: 128, heightPx: 48 }],
  ['narrow', '2/3', { widthPx: 32, heightPx: 48 }],
  ['nearly square', '323/240', { widthPx: 64, heightPx: 48 }],
  ['impossibly wide', '20/1', { widthPx: 64, heightPx: 48 }],
])('a picture of pixels that are %s is as wide as players show it', async (name, aspect, size) => {
  const path = clips.make(`${name}.mp4`, ...quarters(64, 48), ...x264(25), '-aspect', aspect);
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject(size);
  expectColour(colourOf(frames, TOP_LEFT), COLOURS.red);
  expectColour(colourOf(frames, TOP_RIGHT), COLOURS.green);
});

test('a picture of wide pixels that is turned as well is as high as players show it', async () => {
  const path = clips.make('wide-turned.mp4', ...quarters(64, 48), ...x264(25), '-aspect', '8/3');
  turnClockwise(path);
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject({ widthPx: 48, heightPx: 128 });
  expectColour(colourOf(frames, TOP_LEFT), COLOURS.blue);
});

const LAYOUTS = [
  ['8-bit 4:2:0', 'yuv420p', 'yuv420p'],
  ['8-bit 4:2:0 in full range', 'yuvj420p', 'yuv420p'],
  ['8-bit 4:4:4', 'yuv444p', 'yuv444p'],
  ['8-bit 4:2:2', 'yuv422p', 'yuv420p'],
  ['10-bit 4:2:0', 'yuv420p10le', 'yuv420p'],
  ['10-bit 4:4:4', 'yuv444p10le', 'yuv444p'],
  ['RGB', 'bgr0', 'rgb24'],
  ['grey', 'gray', 'rgb24'],
] as const;

describe('quarters stored', () => {
  const pathOf = (pixelFormat: string): string => join(clips.path, `${pixelFormat}.mkv`);
  beforeAll(() => {
    const outputs = LAYOUTS.map(
      ([, pixelFormat], index) =>
        ['-map', `[v${index}]`, '-c:v', 'ffv1', '-pix_fmt', pixelFormat, pathOf(pixelFormat)] as const,
    );
    const labels = LAYOUTS.map((_, index) => `[v${index}]`).join('');
    const drawn = quarters(64, 48);
    runFfmpeg(...drawn.slice(0, -1), `${drawn.at(-1)!},split=${LAYOUTS.length}${labels}`, ...outputs.flat());
  });

  test.each(LAYOUTS)('as %s come as frames that show the same colours', async (_, pixelFormat, format) => {
    const planned = await planOf(pathOf(pixelFormat));
    expect(planned.video.pixelFormat).toBe(pixelFormat.replace('yuvj', 'yuv'));
    const frames = await linearFrames(planned);
    expect(frames).toMatchObject({ samples: [0], format, widthPx: 64, heightPx: 48 });
    const expected = pixelFormat === 'gray' ? [76, 76, 76] : [255, 0, 0];
    expectColour(colourOf(frames, TOP_LEFT, { range: planned.video.colour.range }), expected);
  });
});

test("a camera's MJPEG in full range 4:2:2 keeps its range", async () => {
  const codec = ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj422p'];
  const planned = await planOf(clips.make('camera.avi', ...quarters(64, 48), ...codec));
  expect(planned.video).toMatchObject({ pixelFormat: 'yuvj422p', colour: { range: 'pc' } });
  const frames = await linearFrames(planned);
  expect(frames.format).toBe('yuv420p');
  expectColour(colourOf(frames, TOP_LEFT, planned.video.colour), [255, 0, 0]);
  expectColour(colourOf(frames, { right: true, lower: true }, planned.video.colour), [255, 255, 255]);
  const black = ['-f', 'lavfi', '-i', 'color=black:s=64x48:r=25:d=1'];
  const dark = await planOf(clips.make('dark.avi', ...black, ...codec));
  expect(Math.max(...(await linearFrames(dark)).first.subarray(0, 64 * 48))).toBeLessThan(4);
});

test('8-bit 4:2:0 and 4:4:4 leave the decoder unchanged', async () => {
  for (const format of ['yuv420p', 'yuv444p']) {
    const path = clips.make(`native-${format}.mkv`, ...testPicture({ seconds: 2 }), '-c:v', 'ffv1', '-pix_fmt', format);
    const frames = await linearFrames(await planOf(path));
    expect(frames.hashes[1]).toBe(allPictures(path)[25]?.hash);
  }
});

test('what is transparent lies over white', async () => {
  const source = [
    '-f',
    'lavfi',
    '-i',
    "color=red:s=64x48:r=25:d=1,format=rgba,geq=r='255':g='0':b='0':a='if(lt(X,32),255,if(lt(Y,24),0,128))'",
  ];
  for (const [file, codec, format] of [
    ['alpha.mov', 'qtrle', 'argb'],
    ['alpha.mkv', 'ffv1', 'yuva444p'],
  ] as const) {
    const frames = await linearFrames(await planOf(clips.make(file, ...source, '-c:v', codec, '-pix_fmt', format)));
    expect(frames.format).toBe('rgb24');
    expectColour(colourOf(frames, TOP_LEFT), [255, 0, 0]);
    expectColour(colourOf(frames, TOP_RIGHT), [255, 255, 255]);
    expectColour(colourOf(frames, { right: true, lower: true }), [255, 127, 127]);
  }
});

test('HDR is brought to the brightness of an ordinary screen', async () => {
  const hdr = [
    '-color_primaries',
    'bt2020',
    '-color_trc',
    'smpte2084',
    '-colorspace',
    'bt2020nc',
    '-color_range',
    'tv',
  ];
  // 100 cd/m², the white of an ordinary screen, has the code 0.508 in PQ: taken as it is, it would be mid grey.
  const grey = [
    '-f',
    'lavfi',
    '-i',
    'color=black:s=64x48:r=25:d=1',
    '-vf',
    "format=yuv420p10le,geq=lum='64+0.508*876':cb=512:cr=512",
  ];
  const planned = await planOf(clips.make('pq.mp4', ...grey, ...x264(25, '-pix_fmt', 'yuv420p10le'), ...hdr));
  expect(planned.video.colour.transfer).toBe('smpte2084');
  const [red = 0] = colourOf(await linearFrames(planned), TOP_LEFT, { matrix: 'bt709', range: 'tv' });
  expect(red).toBeGreaterThan(145);
});

test('interlaced pictures have no comb', async () => {
  // A bar that moves by 8 px a field; in a woven picture neighbouring lines differ where it is.
  const bar = "format=gray,geq=lum='if(between(mod(X-8*N,64),0,15),235,16)'";
  const source = ['-f', 'lavfi', '-i', `color=black:s=64x48:r=50:d=2,${bar}`];
  const flags = ['-vf', 'interlace=lowpass=off', '-flags', '+ilme+ildct', '-x264opts', 'tff=1'];
  const planned = await planOf(clips.make('comb.mp4', ...source, ...x264(25, '-crf', '10'), ...flags));
  expect(planned.video.interlaced).toBe(true);
  const { first } = await linearFrames(planned);
  const comb = (luma: Uint8Array): number => {
    let sum = 0;
    for (let y = 8; y < 40; y++)
      for (let x = 0; x < 64; x++) sum += Math.abs((luma[y * 64 + x] ?? 0) - (luma[(y + 1) * 64 + x] ?? 0));
    return sum / (32 * 64);
  };
  const woven = runFfmpeg('-i', planned.path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-');
  expect(comb(first)).toBeLessThan(comb(woven) / 4);
});

test.each([
  [125, 97],
  [1, 1],
  [7, 300],
])('a picture of %i × %i px comes whole', async (width, height) => {
  const source = testPicture({ size: `${Math.max(width, 2)}x${Math.max(height, 2)}`, seconds: 1 });
  const path = clips.make(
    `odd-${width}.mkv`,
    ...source,
    '-vf',
    `scale=${width}:${height},setsar=1`,
    '-c:v',
    'ffv1',
    '-pix_fmt',
    'yuv420p',
  );
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject({ samples: [0], widthPx: width, heightPx: height });
  expect(frames.first.length).toBe(frameBytes('yuv420p', width, height));
  expect(frames.hashes[0]).toBe(allPictures(path)[0]?.hash);
});

test('a video of one frame has one sample, in every mode', async () => {
  const path = clips.make('one.mp4', ...testPicture(), '-frames:v', '1', ...x264(25));
  for (const options of [EXACT, FAST, KEYFRAME]) {
    expect((await linearFrames(await planOf(path, options))).samples).toEqual([0]);
  }
});

test('a picture that changes its size on the way keeps the first', async () => {
  const part = (file: string, size: string, offset: string): Buffer =>
    readFileSync(clips.make(file, ...testPicture({ size, seconds: 2 }), ...x264(25), '-output_ts_offset', offset));
  const path = clips.write('sizes.ts', Buffer.concat([part('s1.ts', '128x96', '0'), part('s2.ts', '160x120', '2')]));
  const frames = await linearFrames(await planOf(path));
  expect(frames).toMatchObject({ samples: [0, 1, 2, 3], widthPx: 128, heightPx: 96 });
  expect(new Set(frames.hashes).size).toBe(4);
});
