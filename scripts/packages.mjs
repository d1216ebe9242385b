// Compares node_modules with package-lock.json and installs what is missing.
import { spawn } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockPath = join(root, 'package-lock.json');
const stampPath = join(root, 'node_modules', '.framewarden.json');
// npm writes it as the last step of an installation, so that an interrupted one has none.
const installedPath = join(root, 'node_modules', '.package-lock.json');

/** Thrown when set-up cannot go on; the message is for people. */
export class ProvisionError extends Error {
  name = 'ProvisionError';
}

const readJson = (path) => readFile(path, 'utf8').then(JSON.parse, () => null);
const marks = (path) =>
  stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'absent',
  );

async function stampOf(development) {
  return { lock: await marks(lockPath), installed: await marks(installedPath), development };
}

/** Whether every package of the lock is installed in its version; more of them do no harm. */
export async function arePackagesThere(development) {
  const [stamp, expected] = await Promise.all([readJson(stampPath), stampOf(development)]);
  if (
    stamp !== null &&
    stamp.lock === expected.lock &&
    stamp.installed === expected.installed &&
    (stamp.development || !development)
  )
    return true;
  const [lock, installed] = await Promise.all([readJson(lockPath), readJson(installedPath)]);
  if (installed === null) return false;
  const isThere = ([path, wanted]) =>
    path === '' ||
    wanted.optional ||
    wanted.devOptional ||
    (wanted.dev && !development) ||
    installed.packages[path]?.version === wanted.version;
  if (!Object.entries(lock.packages).every(isThere)) return false;
  await writeFile(stampPath, JSON.stringify(expected));
  return true;
}

/** Runs `npm ci`. */
export async function installPackages(development) {
  const args = ['ci', development ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund'];
  const size = development ? 'about 1.5 GB' : 'about 0.6 GB';
  console.error(`Installing packages: npm ${args.join(' ')} (${size}, one to three minutes, once) …`);
  const started = performance.now();
  const { code, output } = await run('npm', args);
  if (code !== 0) {
    await rm(stampPath, { force: true });
    throw new ProvisionError(
      `${output.trim().split('\n').slice(0, 12).join('\n')}\nThe packages could not be installed. Mend what npm says above, then run in ${root}:\n  npm ${args.join(' ')}`,
    );
  }
  console.error(`Installed packages in ${Math.round((performance.now() - started) / 1000)} s.`);
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(0, 20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      reject(
        new ProvisionError(
          `The program \`${program}\` could not be started (${error.message}): it comes with Node.js, see https://nodejs.org.`,
        ),
      );
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}
