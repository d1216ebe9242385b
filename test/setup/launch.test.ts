import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../support/build.js';
import { fakeProgram } from '../support/fake-program.js';

/** A clone in miniature: our launcher and scripts, one package, one source file, and an npm that only notes what it was asked for. */
let clone: string;
let bin: string;

const LOCK = {
  packages: {
    '': {},
    'node_modules/needed': { version: '1.0.0' },
    'node_modules/tester': { version: '2.0.0', dev: true },
    'node_modules/elsewhere': { version: '3.0.0', optional: true },
  },
};

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), typeof content === 'string' ? content : JSON.stringify(content));
}

/** What npm leaves of an installation of these packages. */
function installed(packages: object): void {
  write('node_modules/.package-lock.json', { packages });
}

/** Runs a command in the clone. */
function run(program: string, args: string[], env = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter);
  return new Promise((resolve) => {
    const options = { cwd: clone, env: { ...process.env, PATH: path, ...env } };
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const launch = (...args: string[]) => run(join(clone, 'framewarden'), args);
const npmCalls = (): string[] => {
  try {
    return readFileSync(join(clone, 'npm.log'), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'framewarden clone '));
  bin = join(clone, 'bin');
  for (const part of ['framewarden', 'scripts']) cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  // The build itself is proven by every test that starts a command: here it writes the sources as they are.
  write('scripts/build.mjs', 'export const isBuilt = async () => true; export const build = async () => {};');
  write('package-lock.json', LOCK);
  write('package.json', { type: 'module' });
  write('dist/cli/main.js', "console.log('main', ...process.argv.slice(2));");
  fakeProgram(
    bin,
    'npm',
    `echo "$*" >> '${clone}/npm.log'; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json`,
  );
});
afterEach(() => {
  rmSync(clone, { recursive: true, force: true });
});

describe('the launcher', () => {
  test('hands its arguments to the command line and says nothing when all is there', async () => {
    installed(LOCK.packages);
    expect(await launch('moderate', 'a file.mp4')).toEqual({
      code: 0,
      stdout: 'main moderate a file.mp4\n',
      stderr: '',
    });
    expect(npmCalls()).toEqual([]);
  });

  test('works through links to it', async () => {
    installed(LOCK.packages);
    mkdirSync(bin, { recursive: true });
    symlinkSync('../framewarden', join(bin, 'inner'));
    symlinkSync(join(bin, 'inner'), join(bin, 'outer'));
    expect((await run('outer', ['tasks'])).stdout).toBe('main tasks\n');
  });

  test('tells a Node that is too old what is needed instead of failing on its syntax', async () => {
    const pretend = join(clone, 'pretend.cjs');
    writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });");
    const { code, stderr } = await run(process.execPath, ['--require', pretend, join(clone, 'scripts/launch.cjs')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/needs Node\.js 20\.3 or newer/);
  });
});

describe('packages', () => {
  test('are installed without those of development, once', async () => {
    expect(await launch()).toMatchObject({
      code: 0,
      stdout: 'main\n',
      stderr: expect.stringContaining('npm ci') as string,
    });
    expect(await launch()).toMatchObject({ stderr: '' });
    expect(npmCalls()).toEqual([expect.stringMatching(/^ci --omit=dev/)]);
  });

  test('of a development installation, and platform packages that are not for this machine, are accepted as they are', async () => {
    installed({ 'node_modules/needed': { version: '1.0.0' }, 'node_modules/tester': { version: '2.0.0' } });
    await launch();
    await launch();
    expect(npmCalls()).toEqual([]);
  });

  test.each([
    ['one is missing', {}],
    ['one is of another version', { 'node_modules/needed': { version: '0.9.0' } }],
  ])('are installed anew when %s', async (_, packages) => {
    installed(packages);
    await launch();
    expect(npmCalls()).toHaveLength(1);
  });

  test('are installed anew when the lock has changed since, and not when only its time has', async () => {
    await launch();
    utimesSync(join(clone, 'package-lock.json'), new Date(), new Date(0));
    await launch();
    expect(npmCalls()).toHaveLength(1);
    write('package-lock.json', { packages: { ...LOCK.packages, 'node_modules/more': { version: '1.0.0' } } });
    await launch();
    expect(npmCalls()).toHaveLength(2);
  });

  test('are installed once by commands that start at the same time, also after one that was killed', async () => {
    write('.cache/setup.lock', '999999999');
    fakeProgram(
      bin,
      'npm',
      `echo "$*" >> '${clone}/npm.log'; sleep 1; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json`,
    );
    const runs = await Promise.all([launch('1'), launch('2'), launch('3')]);
    expect(runs.map(({ stdout }) => stdout)).toEqual(['main 1\n', 'main 2\n', 'main 3\n']);
    expect(npmCalls()).toHaveLength(1);
  });

  test('that cannot be installed end the command with what npm said and how to go on', async () => {
    fakeProgram(bin, 'npm', 'echo "npm error code ENOTFOUND" >&2; exit 1');
    const { code, stdout, stderr } = await launch();
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/ENOTFOUND[^]*npm ci --omit=dev/);
  });
});
