import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { RgbPicture } from './backgrounds.js';
import type { Reading } from './reading-score.js';

const run = promisify(execFile);

/** What the comparison needs from Debian, and how it gets there. */
export const INSTALL =
  'apt-get install -y tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim fonts-dejavu fonts-noto-cjk fonts-wqy-zenhei';

/** tesseract's version, once it is known to read both scripts. Throws, with the command that mends it, when something is missing. */
export async function tesseractVersion(): Promise<string> {
  const missing = (what: string): Error => new Error(`Expected ${what} on this machine. Install it: ${INSTALL}`);
  const { stdout: version } = await run('tesseract', ['--version']).catch(() => {
    throw missing('tesseract');
  });
  const { stdout: languages } = await run('tesseract', ['--list-langs']);
  for (const language of ['eng', 'chi_sim'])
    if (!languages.includes(language)) throw missing(`tesseract's ${language}`);
  return version.split('\n')[0] ?? 'tesseract';
}

/** Throws, with the command that mends it, when a font is missing. */
export async function requireFonts(families: readonly string[]): Promise<void> {
  const { stdout } = await run('fc-list', [':', 'family']);
  const missing = families.filter((family) => !stdout.includes(family));
  if (missing.length > 0)
    throw new Error(`Expected the fonts ${missing.join(', ')} on this machine. Install them: ${INSTALL}`);
}

/** Words as tesseract reads them, scattered over the picture (`--psm 11`), both languages at once, one thread. */
export async function tesseractReadings(picture: RgbPicture, name: string): Promise<Reading[]> {
  const { widthPx: width, heightPx: height, data } = picture;
  const path = join(tmpdir(), `framewarden-bench-${process.pid}-${name}.png`);
  await writeFile(
    path,
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
  try {
    const { stdout } = await run('tesseract', [path, '-', '--psm', '11', '-l', 'eng+chi_sim', 'tsv'], {
      env: { ...process.env, OMP_THREAD_LIMIT: '1' },
      maxBuffer: 2 ** 26,
    });
    return stdout.split('\n').slice(1).flatMap(word);
  } finally {
    await rm(path, { force: true });
  }
}

/** One row of tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
function word(row: string): Reading[] {
  const [level, , , , , , ...rest] = row.split('\t');
  const [left = 0, top = 0, width = 0, height = 0] = rest.slice(0, 4).map(Number);
  const text = (rest[5] ?? '').trim();
  if (level !== '5' || text === '') return [];
  const [right, bottom] = [left + width, top + height];
  return [
    {
      text,
      quad: [
        { x: left, y: top },
        { x: right, y: top },
        { x: right, y: bottom },
        { x: left, y: bottom },
      ],
    },
  ];
}
