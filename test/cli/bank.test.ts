import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHashBank } from '../../src/banks/hash-bank.js';
import { wordsOfHex } from '../../src/banks/hex.js';
import { openImageBank } from '../../src/banks/image-bank.js';
import type { BankRef } from '../../src/schema/bank.js';
import type { StoredBank } from '../../src/store/banks.js';
import { build, ROOT } from '../support/build.js';
import { commandPlace, type CommandPlace } from '../support/cli.js';

let place: CommandPlace;
beforeAll(() => build());
beforeEach(async () => {
  place = await commandPlace();
});
afterEach(() => place.remove());

const P1 = 'acecf3355e3125c8e24e2f30e0d4ec4f8482b878b3c34cdbdf063278db275992';
const P2 = '8fb70f36e1c4181e82fde7d0f80138430e1e31f07b628e31ccbb687e87e1f307';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

const bank = (...args: string[]) => place.run(['bank', ...args]);
/** One for hashes, made without a command. */
const made = (name: string): Promise<void> =>
  place.stores(({ banks }) =>
    banks.create({ name, kind: 'hashes', scene: 'porn', atMost: 'block', project: null }, new Date().toISOString()),
  );
const write = (name: string, text: string): string => {
  writeFileSync(place.path(name), text);
  return name;
};
const current = (): Promise<BankRef[]> =>
  place.stores(({ banks }) => banks.current('default', ['porn', 'terrorism', 'ad', 'logo']));
const read = (ref: BankRef): Promise<Uint8Array> => place.stores(({ banks }) => banks.read(ref));

test('a bank is made, filled, listed, exported, and loses entries and then itself', async () => {
  expect(await bank('create', 'known', '--scene', 'terrorism')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/Made known/) as string,
  });
  const imported = await bank(
    'import',
    'known',
    write('a.csv', `${P1},one,,\n${P2},two,,\n`),
    write('b.md5', `${MD5}  film.mp4\n`),
    '--json',
  );
  expect([imported.code, imported.stderr]).toEqual([0, 'known: version 1, 3 entries.\n']);
  expect(JSON.parse(imported.stdout)).toMatchObject({
    name: 'known',
    version: 1,
    entries: 3,
    pictures: 2,
    files: 1,
    videos: 0,
  });

  const listed = JSON.parse((await bank('list', '--json')).stdout) as StoredBank;
  expect(listed).toMatchObject({
    name: 'known',
    kind: 'hashes',
    scene: 'terrorism',
    atMost: 'block',
    project: null,
    version: 1,
  });
  expect((await bank('list')).stdout).toMatch(/^known +hashes +terrorism +block +\(all\) +1 +3 /m);

  const csv = await bank('export', 'known');
  expect(csv.stdout.split('\n').sort()).toEqual(
    ['', `md5,${MD5},film.mp4`, `pdq,${P1},one`, `pdq,${P2},two`, 'signal_type,signal_str,id'].sort(),
  );
  const again = await bank('import', 'known', write('again.csv', csv.stdout));
  expect([again.code, again.stderr]).toEqual([0, 'known holds all of that already.\n']);

  expect(await bank('remove', 'known', 'two', 'nobody')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no entry "nobody": nothing was removed/) as string,
  });
  expect(await bank('remove', 'known', 'two', 'film.mp4')).toMatchObject({
    code: 0,
    stderr: 'known: version 2, 1 entries.\n',
  });
  expect((await bank('export', 'known', '--format', 'json')).stdout).toBe(`{"id":"one","signals":{"pdq":"${P1}"}}\n`);
  expect((await bank('import', 'known', '--replace', 'b.md5')).stderr).toBe('known: version 3, 1 entries.\n');
  expect((await bank('remove', 'known')).code).toBe(0);
  expect((await bank('list')).stdout).toMatch(/no banks yet/);
});

test('one bad line of several files changes nothing', async () => {
  await made('known');
  await bank('import', 'known', write('good.csv', `${P1},one,,\n`));
  const [before] = await current();
  const failed = await bank(
    'import',
    'known',
    write('more.csv', `${P2},two,,\n`),
    write('bad.csv', `${P2},two,,\n${P1.slice(2)},three,,\n`),
  );
  expect([failed.code, failed.stdout]).toEqual([2, '']);
  expect(failed.stderr).toMatch(
    /^framewarden: bad\.csv, line 2: Expected a PDQ hash of 64 hexadecimal digits, found .*Nothing was imported\.\n$/,
  );
  expect(await current()).toEqual([before]);
});

test('an import that is killed just when its content is there leaves a whole version current, and is done again', async () => {
  await made('known');
  await bank('import', 'known', write('one.csv', `${P1},one,,\n`));
  const contents = join(place.dataDir, 'banks');
  const files = () => readdirSync(contents, { recursive: true }).length;
  const before = files();
  const importing = place.start(['bank', 'import', 'known', write('two.csv', `${P2},two,,\n`)]);
  while (!importing.hasEnded && files() === before) await new Promise(setImmediate);
  importing.kill('SIGKILL');
  await importing.ended;
  const [ref] = await current();
  expect([1, 2]).toContain(ref?.version);
  expect(openHashBank(await read(ref!)).lookup(wordsOfHex(P2, 8)!, 0)).toHaveLength(ref!.version - 1);
  expect((await bank('import', 'known', 'two.csv')).code).toBe(0);
  expect(await current()).toMatchObject([{ version: 2, entries: 2 }]);
});

test('pictures and videos are hashed, from directories too', async () => {
  await made('known');
  mkdirSync(place.path('media', 'deep'), { recursive: true });
  copyFileSync(join(ROOT, 'samples', 'realshort.mp4'), place.path('media', 'deep', 'short.mp4'));
  copyFileSync(
    join(ROOT, 'test', 'detectors', 'known-media', 'reference', 'q2821.jpg'),
    place.path('media', 'picture.jpg'),
  );
  const { code, stderr, stdout } = await bank('import', 'known', 'media', '--json');
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^known: version 1/m)]);
  expect(JSON.parse(stdout)).toMatchObject({ videos: 1, files: 2 });
  const opened = openHashBank(await read((await current())[0]!));
  expect([...opened.videos.keys()]).toEqual(['short']);
  const frame = opened.videos.get('short')!;
  expect(frame.timestampsS[0]).toBe(0);
  expect(opened.lookupFrame(frame.hashes.subarray(0, 8), 0)[0]).toMatchObject({
    entry: 'short',
    frame: 0,
    distance: 0,
  });
  const lines = (await bank('export', 'known')).stdout.split('\n');
  const [, hash] = lines.find((line) => line.startsWith('pdq,'))!.split(',');
  expect(opened.lookup(wordsOfHex(hash!, 8)!, 0)).toEqual([{ entry: 'picture', distance: 0 }]);
  expect(
    lines
      .filter((line) => line.startsWith('sha256,'))
      .map((line) => line.split(',')[2])
      .sort(),
  ).toEqual(['picture', 'short']);
  const broken = await bank('import', 'known', write('broken.mp4', `ftyp\0${'x'.repeat(100)}`));
  expect([broken.code, broken.stderr]).toEqual([
    2,
    expect.stringMatching(/broken\.mp4: Expected a list, a picture or a video: .*Nothing was imported/),
  ]);
});

test('banks of terms and of pictures', async () => {
  await bank('create', 'words', '--scene', 'ad', '--kind', 'terms', '--at-most', 'block', '--project', 'shop');
  expect((await bank('import', 'words', write('terms.txt', '加微信\n/buy +now/\n'))).stderr).toBe(
    'words: version 1, 2 entries.\n',
  );
  const bad = await bank('import', 'words', write('bad.txt', 'fine term\n/(a+/\n'));
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/bad\.txt, line 2: .*Nothing was imported/)]);
  expect((await bank('remove', 'words', 'buy +now')).stderr).toBe('words: version 2, 1 entries.\n');
  expect((await bank('export', 'words', '--format', 'json')).stdout).toBe('{"term":"加微信","kind":"words"}\n');
  expect(await current()).toEqual([]);

  await bank('create', 'marks', '--scene', 'logo', '--kind', 'images');
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 12" width="24" height="12"><circle cx="12" cy="6" r="5"/></svg>';
  expect((await bank('import', 'marks', write('round.svg', svg))).stderr).toBe('marks: version 1, 1 entries.\n');
  const [marks] = await current();
  expect(marks).toMatchObject({ name: 'marks', kind: 'images', scene: 'logo', atMost: 'review' });
  const [round] = openImageBank(await read(marks!));
  const header = Buffer.from(round!.png);
  expect([round!.name, header.toString('latin1', 1, 4), header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([
    'round',
    'PNG',
    512,
    256,
  ]);
  expect((await bank('export', 'marks')).stdout).toBe(`name,bytes\nround,${round!.png.length}\n`);
});

test('what cannot be done is told in a sentence, with exit code 2', async () => {
  const tell = async (...args: string[]) => {
    const { code, stdout, stderr } = await bank(...args);
    return [code, stdout, stderr.trim()];
  };
  expect(await tell('create', 'a b', '--scene', 'porn')).toEqual([2, '', expect.stringMatching(/name of 1-64/)]);
  expect(await tell('create', 'x', '--scene', 'live')).toEqual([2, '', expect.stringMatching(/Allowed choices/)]);
  expect(await tell('create', 'x', '--scene', 'logo', '--kind', 'terms')).toEqual([
    2,
    '',
    expect.stringMatching(/nothing looks for logo with terms/),
  ]);
  expect(await tell('import', 'nobody', 'x')).toEqual([
    2,
    '',
    expect.stringMatching(/no bank "nobody": `framewarden bank list`/),
  ]);
  await made('x');
  expect(await tell('create', 'x', '--scene', 'ad')).toEqual([2, '', expect.stringMatching(/there is a bank "x"/)]);
  expect(await tell('import', 'x', 'nothing-there')).toEqual([
    2,
    '',
    expect.stringMatching(/nothing-there .*found none/),
  ]);
  expect(await tell('import', 'x')).toEqual([2, '', expect.stringMatching(/Expected a file to import/)]);
  expect(await tell('remove', 'y')).toEqual([2, '', expect.stringMatching(/no bank "y"/)]);
});
