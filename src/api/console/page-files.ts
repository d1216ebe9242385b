import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { errorCode } from '../../domain/error-code.js';

/** A file of the page. */
export interface PageFile {
  bytes: Buffer;
  contentType: string;
  etag: string;
  /** Its name follows from its content: it never changes. */
  isHashed: boolean;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Where the build puts what it names by content. */
const HASHED = /^assets\//;

/** The built page, read once for every build: nothing but its files can be asked for, whatever an address says. */
export class PageFiles {
  private builtMs = 0;
  private files: ReadonlyMap<string, PageFile> = new Map();

  constructor(private readonly dir: string) {}

  /** `path` is relative to the page, with `/`; `null`: there is no such file. */
  async find(path: string): Promise<PageFile | null> {
    const builtMs = await this.lookWhenBuilt();
    if (builtMs === null) return null;
    if (builtMs !== this.builtMs) {
      this.files = await readFiles(this.dir);
      this.builtMs = builtMs;
    }
    return this.files.get(path) ?? null;
  }

  /** `null`: it was not built. */
  private async lookWhenBuilt(): Promise<number | null> {
    try {
      return (await stat(join(this.dir, 'index.html'))).mtimeMs;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
}

async function readFiles(dir: string): Promise<Map<string, PageFile>> {
  const names = await readdir(dir, { recursive: true });
  const files = names.flatMap((name) => {
    const contentType = CONTENT_TYPES[extname(name)];
    return contentType === undefined ? [] : [{ name: name.split(sep).join('/'), contentType }];
  });
  return new Map(
    await Promise.all(
      files.map(async ({ name, contentType }): Promise<[string, PageFile]> => {
        const bytes = await readFile(join(dir, name));
        const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
        return [name, { bytes, contentType, etag, isHashed: HASHED.test(name) }];
      }),
    ),
  );
}
