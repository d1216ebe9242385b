import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { FfmpegMissingError, provideFfmpeg, type FfmpegSearch } from '../../src/setup/provide-ffmpeg.js';
import { fakeProgram } from '../support/fake-program.js';

const VERSION_6 = 'echo "${0##*/} version 6.1-static https://example.org"';
let root: string;
let bin: string;
let said: string[];

function search(settings: Partial<FfmpegSearch> = {}): FfmpegSearch {
  return {
    ffmpegPath: 'ffmpeg',
    ffprobePath: 'ffprobe',
    dataDir: join(root, 'data'),
    searchPath: [bin],
    say: (line) => void said.push(line),
    interactive: false,
    isRoot: false,
    ...settings,
  };
}

function bothOf(version: string): void {
  for (const name of ['ffmpeg', 'ffprobe']) fakeProgram(bin, name, version);
}

/** What it refuses with. */
async function refusal(settings: Partial<FfmpegSearch> = {}): Promise<FfmpegMissingError> {
  const refused = await provideFfmpeg(search(settings)).catch((error: unknown) => error);
  if (refused instanceof FfmpegMissingError) return refused;
  throw new Error('Expected a FfmpegMissingError.', { cause: refused });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framewarden-ffmpeg-'));
  bin = join(root, 'bin');
  said = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('ffmpeg', () => {
  test('of this machine is found, with ffprobe', async () => {
    const found = await provideFfmpeg({ ...search(), ...readConfig(), dataDir: join(root, 'data') });
    expect(found.ffmpegPath).toMatch(/^\/.*ffmpeg/);
    expect(found.ffprobePath).toMatch(/^\/.*ffprobe/);
  });

  test('is taken from where PATH finds it, and nothing is said', async () => {
    bothOf(VERSION_6);
    expect(await provideFfmpeg(search())).toEqual({
      ffmpegPath: join(bin, 'ffmpeg'),
      ffprobePath: join(bin, 'ffprobe'),
    });
    expect(said).toEqual([]);
  });

  test('built from the repository, which names no release, is new enough', async () => {
    bothOf('echo "${0##*/} version N-113007-g8d24a28d06"');
    await expect(provideFfmpeg(search())).resolves.toBeDefined();
  });

  test('that is too old is refused with its release', async () => {
    bothOf('echo "${0##*/} version 4.4.2-0ubuntu0.22.04.1"');
    expect((await refusal()).problem).toMatch(/4\.4\.2/);
  });

  test('that was too old is asked again once the file is another one', async () => {
    bothOf('echo "${0##*/} version 4.4.2-0ubuntu0.22.04.1"');
    await refusal();
    bothOf(VERSION_6);
    await expect(provideFfmpeg(search())).resolves.toBeDefined();
  });

  test('without ffprobe is not enough', async () => {
    fakeProgram(bin, 'ffmpeg', VERSION_6);
    expect((await refusal()).problem).toMatch(/ffprobe is missing/);
  });
});

describe('where ffmpeg is missing', () => {
  // The programs that the fake package manager calls need the real PATH, which it inherits.
  const installing = `for name in ffmpeg ffprobe; do printf '#!/bin/sh\\necho "%s version 5.1.9"\\n' $name > BIN/$name; /bin/chmod +x BIN/$name; done`;

  test('the exact command of the package manager is named to who may not install it', async () => {
    fakeProgram(bin, 'apt-get', 'exit 1');
    const refused = await refusal();
    expect(refused.command).toBe('sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg');
    expect(refused.message).toContain(refused.command);
    expect(said).toEqual([]);
  });

  test.each([
    ['dnf', 'sudo dnf install -y ffmpeg-free'],
    ['apk', 'sudo apk add ffmpeg'],
    ['brew', 'brew install ffmpeg'],
  ])('that of %s is `%s`', async (manager, command) => {
    fakeProgram(bin, manager, 'exit 1');
    expect((await refusal()).command).toBe(command);
  });

  test('and installing it fails, the command is named with what it printed', async () => {
    fakeProgram(bin, 'apt-get', 'echo E: no network; exit 100');
    const refused = await refusal({ isRoot: true });
    expect(refused.message).toMatch(/E: no network/);
    expect(refused.command).toMatch(/^apt-get update/);
  });

  test('without a known package manager the way to its site is named', async () => {
    expect((await refusal()).message).toContain('https://ffmpeg.org');
  });

  test('root without a terminal has it installed, and it is said', async () => {
    const log = join(root, 'log');
    const script = `echo "$*" >> ${log}; [ "$1" = update ] || { ${installing.replaceAll('BIN', bin)}; }`;
    fakeProgram(bin, 'apt-get', script);
    expect(await provideFfmpeg(search({ isRoot: true }))).toEqual({
      ffmpegPath: join(bin, 'ffmpeg'),
      ffprobePath: join(bin, 'ffprobe'),
    });
    expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends ffmpeg\n');
    expect(said).toEqual([expect.stringContaining('apt-get install')]);
  });
});
