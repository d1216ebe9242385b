import sharp from 'sharp';
import { cutPictures } from '../../../bench/emblems/cut-pictures.js';
import { finderOf, type Finder } from '../../../bench/emblems/finder.js';
import { marks, tinted, type Mark } from '../../../bench/emblems/marks.js';
import { overlaid, sampleFrames, type ClipFrame } from '../../../bench/emblems/scenes.js';
import { emblems } from '../../../src/detectors/emblems/emblems.js';
import { overlap } from '../../../src/detectors/emblems/sighting.js';
import type { BankRef } from '../../../src/schema/bank.js';
import type { Frame } from '../../../src/schema/frame.js';
import { build } from '../../support/build.js';

/** As in policies/default.yaml. */
const REVIEW = 0.78;

/** How many of the bank's marks are laid over a frame, one at a time. */
const LAID = 12;

let frames: ClipFrame[];
let all: Mark[];
let finder: Finder;

beforeAll(async () => {
  await build();
  frames = await sampleFrames(1);
  all = await marks(20);
  finder = await finderOf(all.map(({ image }) => image));
});
afterAll(() => finder.close());

const RED = [220, 30, 40] as const;

/** The frame with all of its pixels equally bright. */
function evenlyBright(frame: Frame): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(frame.data.length));
  for (let at = 0; at < data.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = frame.data.subarray(at, at + 3);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    data.set(
      [red, green, blue].map((value) => Math.min(255, Math.max(0, Math.round((value - luma) / 2 + 128)))),
      at,
    );
  }
  return { ...frame, data };
}

const frameOf = (clip: string): ClipFrame => frames.find((frame) => frame.clip === clip)!;

describe('marks of two tones', () => {
  it.each([
    ['white, opaque', [255, 255, 255], 1, 0.2],
    ['black, opaque', [0, 0, 0], 1, 0.12],
    ['white, half transparent', [255, 255, 255], 0.6, 0.2],
  ] as const)('are found over a frame: %s', async (_, colour, opacity, share) => {
    const under = frameOf('cockatoo.mp4');
    const found = await Promise.all(
      all.slice(0, LAID).map(async (mark, seed) => {
        const laid = await overlaid(under, tinted(mark, colour), mark.box, { share, opacity, quality: 70, seed });
        const said = await finder.look(laid.frame);
        // Whatever else is found must not be.
        for (const seen of said.filter(({ score }) => score >= REVIEW)) expect(seen.match?.entry).toBe(mark.slug);
        return said.some(
          ({ score, box, match }) => score >= REVIEW && match?.entry === mark.slug && overlap(box!, laid.box) >= 0.5,
        );
      }),
    );
    // Some marks are too plain, and some lie where the frame is as bright as they are: docs/quality.md has the figures.
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(LAID / 4);
  });

  it('are found where they are as bright as what is behind them, by their colour alone', async () => {
    const under = frameOf('cockatoo.mp4');
    const found = await Promise.all(
      all.slice(0, 4).map(async (mark, seed) => {
        const laid = await overlaid(under, tinted(mark, RED), mark.box, { share: 0.2, opacity: 1, quality: 80, seed });
        // Everything as bright as everything else: what was left to see is in the colours.
        const said = await finder.look(evenlyBright(laid.frame));
        for (const seen of said.filter(({ score }) => score >= REVIEW)) expect(seen.match?.entry).toBe(mark.slug);
        return said.some(({ score, box }) => score >= REVIEW && overlap(box!, laid.box) >= 0.5);
      }),
    );
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(1);
  });

  it('are not seen where there are none', async () => {
    for (const { frame } of frames)
      expect((await finder.look(frame)).filter(({ score }) => score >= REVIEW)).toEqual([]);
  });

  it('name bank, entry, place and scene, and ask for a person where their bank may no more', async () => {
    const mark = all[3]!;
    const laid = await overlaid(frameOf('movie-hello.mpeg'), tinted(mark, [255, 255, 255]), mark.box, {
      ...{ share: 0.3, opacity: 1, quality: 80, seed: 4 },
    });
    const first = await finder.look(laid.frame);
    expect(first).toEqual([
      {
        ...{ detector: 'emblems', sample: laid.frame.sample, class: 'emblem', scene: 'logo', atMost: 'review' },
        score: expect.any(Number),
        box: { x: expect.any(Number), y: expect.any(Number), width: expect.any(Number), height: expect.any(Number) },
        match: { bank: 'marks', entry: mark.slug, distance: expect.any(Number) },
      },
    ]);
    expect(await finder.look(laid.frame)).toEqual(first);
  });

  it('that are discs, squares or triangles are not searched for', async () => {
    const forms = ['<circle cx="12" cy="12" r="12"/>', '<rect width="24" height="24"/>', '<path d="M12 0 24 24H0z"/>'];
    const images = await Promise.all(
      forms.map(async (form) => ({
        name: form,
        png: await sharp(
          Buffer.from(
            `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 24 24">${form}</svg>`,
          ),
        )
          .png()
          .toBuffer(),
      })),
    );
    const plain = await finderOf(images);
    const { frame } = frameOf('cockatoo.mp4');
    const drawn = Uint8Array.from(frame.data);
    for (let y = 100; y < 300; y++)
      for (let x = 100; x < 300; x++)
        if ((x - 200) ** 2 + (y - 200) ** 2 < 100 ** 2)
          drawn.fill(255, (y * frame.widthPx + x) * 3, (y * frame.widthPx + x) * 3 + 3);
    const data = new Uint8Array(new SharedArrayBuffer(drawn.length));
    data.set(drawn);
    expect(await plain.look({ ...frame, data })).toEqual([]);
    await plain.close();
  });
});

describe('pictures full of details', () => {
  it('are found by their features, and not in other frames', async () => {
    const clip = 'display-dual-monitors.webm';
    const cut = (await cutPictures([clip])).find(({ name }) => name === `${clip} at 0.35`)!;
    const textured = await finderOf([cut.image]);
    const under = frameOf('phone-1080p.mp4');
    const laid = await overlaid(under, cut.layer, cut.part, { share: 0.3, opacity: 1, quality: 70, seed: 5 });
    const [seen, ...others] = await textured.look(laid.frame);
    expect(others).toEqual([]);
    expect(seen!.score).toBeGreaterThanOrEqual(REVIEW);
    expect(overlap(seen!.box!, laid.box)).toBeGreaterThan(0.5);
    expect(await textured.look(under.frame)).toEqual([]);
    await textured.close();
  });
});

describe('what verdicts record of it', () => {
  const bank: BankRef = {
    ...{ name: 'flags', kind: 'images', scene: 'terrorism', atMost: 'review', version: 1, digest: 'a', entries: 2 },
  };

  it('names the scenes of banks with pictures, and no others', async () => {
    const infosOf = (...banks: BankRef[]) => emblems.infos(['porn', 'terrorism', 'logo'], { banks });
    expect(await infosOf()).toEqual([]);
    expect(await infosOf({ ...bank, kind: 'hashes' }, { ...bank, entries: 0 })).toEqual([]);
    expect((await infosOf(bank)).map(({ scene, atMost }) => [scene, atMost])).toEqual([['terrorism', 'review']]);
    const both = await infosOf(bank, { ...bank, name: 'shops', scene: 'logo', atMost: 'block' });
    expect(both.map(({ scene, atMost }) => [scene, atMost])).toEqual([
      ['terrorism', 'review'],
      ['logo', 'block'],
    ]);
  });

  it('changes with the content of a bank', async () => {
    const [old] = await emblems.infos(['terrorism'], { banks: [bank] });
    const [next] = await emblems.infos(['terrorism'], { banks: [{ ...bank, version: 2, digest: 'b' }] });
    expect(next!.digest).not.toBe(old!.digest);
  });
});
