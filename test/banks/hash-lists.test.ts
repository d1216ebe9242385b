import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLines } from '../../src/banks/export-bank.js';
import { openHashBank, type HashBank } from '../../src/banks/hash-bank.js';
import { HashBankBuilder } from '../../src/banks/hash-bank-builder.js';
import { HashIntake } from '../../src/banks/hash-intake.js';
import { addHashList, type HashList } from '../../src/banks/hash-lists.js';
import { wordsOfHex } from '../../src/banks/hex.js';
import { ImportProblemError } from '../../src/banks/import-problem.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framewarden-lists-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const P1 = 'acecf3355e3125c8e24e2f30e0d4ec4f8482b878b3c34cdbdf063278db275992';
const P2 = '8fb70f36e1c4181e82fde7d0f80138430e1e31f07b628e31ccbb687e87e1f307';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What a list with this text makes of an empty bank. */
async function imported(text: string | Buffer, as: HashList['as'] = null) {
  const path = join(folder, 'list');
  await writeFile(path, text);
  const builder = new HashBankBuilder();
  const intake = new HashIntake(builder);
  await addHashList({ path, file: 'given/clip.txt', as }, intake);
  const { bytes, counts } = builder.build();
  return { bytes, counts, bank: openHashBank(bytes), leftOut: Object.fromEntries(intake.leftOut) };
}

const pictureOf = (bank: HashBank, hash: string) => bank.lookup(wordsOfHex(hash, 8) as Uint32Array, 0)[0]?.entry;

test("Hasher-Matcher-Actioner's CSV without a heading: hash, id, time, tags", async () => {
  const { bank, counts } = await imported(
    `${P1},2880742865368386,2020-07-31T18:47:52+0000,media_type_photo disputed\r\n${P2},2888629371260007,,\n${MD5},99,,\n`,
  );
  expect(counts).toEqual({ pictures: 2, videos: 0, files: 1 });
  expect([pictureOf(bank, P1), pictureOf(bank, P2), bank.findFile(MD5)]).toEqual([
    '2880742865368386',
    '2888629371260007',
    '99',
  ]);
});

test("ThreatExchange's CSV with a heading, types and categories", async () => {
  const { bank, counts, leftOut } = await imported(
    [
      'collab,signal_type,signal_str,category,tags,id',
      `Sample Signals,pdq,${P1},WORTH_INVESTIGATING,"a, b",one`,
      `Sample Signals,pdq,${P2},FALSE_POSITIVE,,two`,
      `Sample Signals,video_md5,${MD5},TRUE_POSITIVE,,three`,
      `Sample Signals,HASH_SHA256,${SHA256},TRUE_POSITIVE,,`,
      'Sample Signals,video_tmk_pdqf,AAAA,TRUE_POSITIVE,,five',
    ].join('\n'),
  );
  expect(counts).toEqual({ pictures: 1, videos: 0, files: 2 });
  expect([pictureOf(bank, P1), bank.findFile(MD5), bank.findFile(SHA256)]).toEqual(['one', 'three', SHA256]);
  expect(leftOut).toEqual({ 'false positives': 1, 'of type video_tmk_pdqf, which banks do not hold': 1 });
});

test('CSV whose heading names the type, with qualities', async () => {
  const { counts, leftOut } = await imported(`pdq,quality\n${P1},100\n${P2},49\n`);
  expect([counts.pictures, leftOut]).toEqual([1, { 'with a quality below 50': 1 }]);
});

test("JSON of Hasher-Matcher-Actioner, one object a line, and of ThreatExchange's pages", async () => {
  const vpdq = JSON.stringify([`${P1},100,0.000`, `${P2},20,1.000`, `${P2},80,2.500`]);
  const lines = [
    { id: 1234, signals: { pdq: P1, video_md5: MD5, tlsh: 'T1' } },
    { id: 'film', signals: { vpdq } },
    { signal_type: 'pdq', signal_str: P2 },
  ];
  const hma = await imported(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(hma.counts).toEqual({ pictures: 2, videos: 1, files: 1 });
  expect([pictureOf(hma.bank, P1), pictureOf(hma.bank, P2)]).toEqual(['1234', P2]);
  expect([...(hma.bank.videos.get('film')?.timestampsS ?? [])]).toEqual([0, 2.5]);
  expect(hma.leftOut).toEqual({
    'of type tlsh, which banks do not hold': 1,
    'frames with a quality below 50': 1,
  });
  const page = {
    data: [
      { id: '77', indicator: P1, type: 'HASH_PDQ' },
      { id: '78', indicator: SHA256, type: 'HASH_SHA256', should_delete: true },
    ],
    paging: { cursors: {} },
  };
  const exchange = await imported(JSON.stringify(page, null, 2));
  expect([exchange.counts.pictures, pictureOf(exchange.bank, P1), exchange.leftOut]).toEqual([
    1,
    '77',
    { 'that are to be deleted': 1 },
  ]);
});

test('vPDQ text is one video, called like its file', async () => {
  const { bank, counts } = await imported(`0,100,${P1},0.000\n1,40,${P2},0.033\n2,98,${P2},0.067\n`);
  expect(counts).toEqual({ pictures: 0, videos: 1, files: 0 });
  expect([...(bank.videos.get('clip')?.timestampsS ?? [])]).toEqual([0, 0.067]);
});

test('lists as md5sum and sha256sum write them, with types before, and bare', async () => {
  const sums = await imported(`# sums\n${MD5}  folder/a film.mp4\n${SHA256} *other.jpg\n`);
  expect([sums.bank.findFile(MD5), sums.bank.findFile(SHA256)]).toEqual(['a film.mp4', 'other.jpg']);
  const typed = await imported(`pdq ${P1}\nvideo_md5 ${MD5.toUpperCase()}\n`);
  expect(typed.counts).toEqual({ pictures: 1, videos: 0, files: 1 });
  expect((await imported(`${P1}\n${P2}\n`, 'pdq')).counts).toEqual({ pictures: 2, videos: 0, files: 0 });
  expect((await imported(`\uFEFF${SHA256}\n`, 'sha256')).counts.files).toBe(1);
  expect((await imported(MD5)).bank.findFile(MD5)).toBe(MD5);
});

test.each([
  ['a bare hash that can be two things', `${P1}\n`, /line 1: .*--as pdq/],
  [
    'a hash that is too short',
    `pdq,id\n${P1},1\n${P1.slice(1)},2\n`,
    /line 3: Expected a PDQ hash of 64 hexadecimal digits, found "cecf/,
  ],
  ['a sign that is no digit', `${P1},1,,\n${P1.replace('a', 'g')},2,,\n`, /line 2: Expected a PDQ hash/],
  ['a quoted field without end', `signal_type,signal_str\npdq,"${P1}\n`, /line 2: Expected fields with commas/],
  ['a list of something else', 'hello\nworld\n', /line 1: Expected a hash of 32 or 64/],
  ['an object without hashes', '{"id": 1}\n', /line 1: Expected an object with "signals"/],
  ['JSON that ends too soon', '{"data": [\n', /clip.txt: Expected JSON/],
  ['a second line that is not JSON', `{"signals": {"pdq": "${P1}"}}\nx\n`, /line 2: Expected JSON/],
  ['a vPDQ line without a time', `0,100,${P1},0.0\n1,100,${P2},\n`, /line 2: Expected n,quality,hash,timestamp/],
  ['a vPDQ file of poor frames', `0,10,${P1},0.0\n`, /clip.txt: Expected a frame with a quality of 50/],
  ['an empty file', '\n# nothing\n', /clip.txt: Expected hashes, found none/],
  ['a name with a control character', `${P1},a\u0007b,,\n`, /line 1: Expected a name/],
  ['bytes that are not UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x0a]), /clip.txt: Expected text in UTF-8/],
])('%s is told with file and line', async (_, text, expected) => {
  const failure = await imported(text).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ImportProblemError);
  expect((failure as Error).message).toMatch(expected);
  expect((failure as Error).message).toMatch(/^given\/clip\.txt.*Nothing was imported\.$/);
});

test('what is exported is imported again as the same bank, in either format', async () => {
  const vpdq = JSON.stringify([`${P1},100,0.000`, `${P2},80,2.500`]);
  const { bytes } = await imported(
    [
      JSON.stringify({ id: 'a "quoted", name', signals: { pdq: P1, md5: MD5 } }),
      JSON.stringify({ signals: { sha256: SHA256 } }),
      JSON.stringify({ id: 'film', signals: { vpdq } }),
    ].join('\n'),
  );
  for (const format of ['csv', 'json'] as const) {
    const lines = [...exportLines('hashes', bytes, format)];
    const again = await imported(lines.join('\n'));
    expect(again.counts).toEqual({ pictures: 1, videos: 1, files: 2 });
    expect(pictureOf(again.bank, P1)).toBe('a "quoted", name');
    expect([...exportLines('hashes', again.bytes, format)]).toEqual(lines);
  }
});
