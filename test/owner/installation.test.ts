import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstallationFileError, installationId } from '../../src/owner/installation.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'framewarden-installation-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('the installation id', () => {
  test('is the same for all who ask at once, also where the directory is not there yet, and leaves one file', async () => {
    const dataDir = join(parent, 'new');
    const ids = await Promise.all(Array.from({ length: 20 }, () => installationId(dataDir)));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-z]{12}$/);
    expect(readdirSync(dataDir)).toEqual(['installation.json']);
  });

  test('differs between installations', async () => {
    expect(await installationId(join(parent, 'a'))).not.toBe(await installationId(join(parent, 'b')));
  });

  test.each(['', '{}', '{"id":"../../x"}'])('is never replaced when its file holds %j', async (content) => {
    writeFileSync(join(parent, 'installation.json'), content);
    await expect(installationId(parent)).rejects.toThrow(InstallationFileError);
  });
});
