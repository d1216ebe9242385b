import { findPrograms } from './find-program.js';

/** A command that installs ffmpeg. */
export interface InstallCommand {
  /** As a person types it. */
  text: string;
  /** Steps to run one after the other, each a program and its arguments. */
  steps: [string, ...string[]][];
  /** Whether it has to run as root. */
  needsRoot: boolean;
}

const MANAGERS: { program: string; steps: string[][]; needsRoot: boolean }[] = [
  {
    program: 'apt-get',
    steps: [['update'], ['install', '-y', '--no-install-recommends', 'ffmpeg']],
    needsRoot: true,
  },
  // Fedora's own build; some codecs are in other repositories only, which are not for us to add.
  { program: 'dnf', steps: [['install', '-y', 'ffmpeg-free']], needsRoot: true },
  { program: 'apk', steps: [['add', 'ffmpeg']], needsRoot: true },
  { program: 'brew', steps: [['install', 'ffmpeg']], needsRoot: false },
];

/** How this system installs ffmpeg; `null` when its package manager is not known. */
export function ffmpegInstallCommand(searchPath: readonly string[], isRoot: boolean): InstallCommand | null {
  for (const { program, steps, needsRoot } of MANAGERS) {
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
