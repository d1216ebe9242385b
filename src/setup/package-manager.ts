import { findPrograms } from './find-program.js';

/** A command that installs ffmpeg. */
export interface InstallCommand {
  /** As a person types it. */
  text: string;
  /** Steps, each a program and its arguments; without `sudo`. */
  steps: [string, ...string[]][];
  /** Whether it has to run as root. */
  needsRoot: boolean;
}

const MANAGERS: { program: string; steps: [string, ...string[]][]; needsRoot: boolean }[] = [
  {
    program: 'apt-get',
    steps: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'ffmpeg'],
    ],
    needsRoot: true,
  },
  // Fedora's own ffmpeg-free cannot decode H.264 everywhere; it is what can be had without another repository.
  { program: 'dnf', steps: [['dnf', 'install', '-y', 'ffmpeg-free']], needsRoot: true },
  { program: 'apk', steps: [['apk', 'add', 'ffmpeg']], needsRoot: true },
  { program: 'brew', steps: [['brew', 'install', 'ffmpeg']], needsRoot: false },
];

/** How this system installs ffmpeg; `null` when its package manager is not known. */
export function ffmpegInstallCommand(searchPath: readonly string[], isRoot: boolean): InstallCommand | null {
  const manager = MANAGERS.find(({ program }) => findPrograms(program, searchPath).length > 0);
  if (manager === undefined) return null;
  const sudo = manager.needsRoot && !isRoot ? 'sudo ' : '';
  const text = manager.steps.map((step) => sudo + step.join(' ')).join(' && ');
  return { text, steps: manager.steps, needsRoot: manager.needsRoot };
}
