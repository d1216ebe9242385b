import { findPrograms } from './find-program.js';

/** What package managers call a thing to install. */
export interface Package {
  apt: string;
  dnf: string;
  apk: string;
  brew: string;
}

/** Fedora's own build; some codecs are in other repositories only, which are not for us to add. */
export const FFMPEG: Package = { apt: 'ffmpeg', dnf: 'ffmpeg-free', apk: 'ffmpeg', brew: 'ffmpeg' };
/** Its server; tests start one of their own. */
export const POSTGRES: Package = {
  apt: 'postgresql',
  dnf: 'postgresql-server',
  apk: 'postgresql',
  brew: 'postgresql@17',
};

/** The browser that the console's tests drive; brew installs it as an application. */
export const CHROMIUM: Package = { apt: 'chromium', dnf: 'chromium', apk: 'chromium', brew: '--cask chromium' };

/** A command that installs a package. */
export interface InstallCommand {
  /** As a person types it. */
  text: string;
  /** Steps to run one after the other, each a program and its arguments. */
  steps: [string, ...string[]][];
  /** Whether it has to run as root. */
  needsRoot: boolean;
}

const MANAGERS: { program: string; steps: (wanted: Package) => string[][]; needsRoot: boolean }[] = [
  {
    program: 'apt-get',
    steps: ({ apt }) => [['update'], ['install', '-y', '--no-install-recommends', apt]],
    needsRoot: true,
  },
  { program: 'dnf', steps: ({ dnf }) => [['install', '-y', dnf]], needsRoot: true },
  { program: 'apk', steps: ({ apk }) => [['add', apk]], needsRoot: true },
  { program: 'brew', steps: ({ brew }) => [['install', ...brew.split(' ')]], needsRoot: false },
];

/** How this system installs a package; `null` when its package manager is not known. */
export function installCommand(wanted: Package, searchPath: readonly string[], isRoot: boolean): InstallCommand | null {
  for (const manager of MANAGERS) {
    const { program, needsRoot } = manager;
    const steps = manager.steps(wanted);
    const path = findPrograms(program, searchPath)[0];
    if (path === undefined) continue;
    const sudo = needsRoot && !isRoot ? 'sudo ' : '';
    return {
      text: steps.map((args) => [sudo + program, ...args].join(' ')).join(' && '),
      // By its path: what was found is what runs.
      steps: steps.map((args) => (sudo === '' ? [path, ...args] : ['sudo', path, ...args])),
      needsRoot,
    };
  }
  return null;
}
