import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { SAMPLING_MODES, type SamplingMode } from '../src/schema/options.js';
import { line, table } from './reference/report.js';
import { measureFile, type FileReport } from './speed/file-report.js';
import { FILES, provideInput, RECIPES, type FileName } from './speed/inputs.js';
import { measureStartUp } from './speed/start-up.js';

/** What is to be measured. */
interface Wanted {
  minutes: number[];
  modes: SamplingMode[];
  files: FileName[];
  repeat: number;
  parts: string[];
}

const PARTS = ['direct', 'decode', 'peer', 'start'];

/** Prints what the product takes beside the ideal L, a plain ffmpeg and nsfwjs itself. */
export async function main(args: readonly string[]): Promise<void> {
  const wanted = read(args);
  line(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  line(
    `Load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}. Of ${wanted.repeat} runs each the fastest counts.`,
  );
  for (const file of wanted.files) line(`${file}: ${RECIPES[file]}`);
  line(
    'L: exact decode by one single-threaded ffmpeg a core, each on its share, then both networks alone on all cores.',
  );
  line();
  const reports: FileReport[] = [];
  for (const minutes of wanted.minutes)
    for (const file of wanted.files) {
      const path = await provideInput(file, minutes);
      const report = await measureFile({ ...wanted, name: file, minutes, path });
      print(report);
      reports.push(report);
    }
  if (reports.length > 1) printMemory(reports);
  if (wanted.parts.includes('start')) await printStartUp();
}

function read(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1,10' },
      modes: { type: 'string', default: SAMPLING_MODES.join() },
      files: { type: 'string', default: FILES.join() },
      repeat: { type: 'string', default: '1' },
      parts: { type: 'string', default: PARTS.join() },
    },
  });
  return {
    minutes: values.minutes.split(',').map((text) => wholeFrom1('--minutes', text)),
    modes: oneOf('--modes', SAMPLING_MODES, values.modes),
    files: oneOf('--files', FILES, values.files),
    repeat: wholeFrom1('--repeat', values.repeat),
    parts: values.parts === 'none' ? [] : oneOf('--parts', PARTS, values.parts),
  };
}

function wholeFrom1(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`Expected ${flag} to be whole numbers from 1, received ${text}.`);
}

function oneOf<T extends string>(flag: string, known: readonly T[], text: string): T[] {
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new RangeError(`Expected ${flag} to name ${known.join(', ')}, received ${name}.`);
    return found;
  });
}

function print({ name, minutes, samples, ideal, rows, notes, load }: FileReport): void {
  line(`${name}, ${minutes} min, ${samples} samples; load ${load}`);
  table([
    ['', 'wall s', '× L', 'CPU s', '× L', 'of ffmpeg', 'node', 'temporal', 'peak MB', 'event loop', 'segments'],
    ...rows.map(({ label, wallS, cpuS, run }) => [
      label,
      wallS.toFixed(2),
      (wallS / ideal.wallS).toFixed(2),
      cpuS.toFixed(1),
      (cpuS / ideal.cpuS).toFixed(2),
      ...(run === undefined
        ? ['', '', '', '', '', '']
        : [
            run.cpu.ffmpegS.toFixed(1),
            run.cpu.nodeS.toFixed(1),
            run.cpu.temporalS.toFixed(1),
            (run.peakBytes / 1e6).toFixed(0),
            `${(run.eventLoop * 100).toFixed(1)} %`,
            run.segments,
          ]),
    ]),
  ]);
  for (const note of notes) line(`  ${note}`);
  line();
}

function printMemory(reports: readonly FileReport[]): void {
  line('Peak memory of worker and ffmpeg by length of the video, MB');
  const lengths = [...new Set(reports.map(({ minutes }) => minutes))];
  const labels = [...new Set(reports.flatMap(({ rows }) => rows.flatMap(({ label, run }) => (run ? [label] : []))))];
  const names = [...new Set(reports.map(({ name }) => name))];
  table([
    ['file', 'way', ...lengths.map((minutes) => `${minutes} min`)],
    ...names.flatMap((name) =>
      labels.map((label) => [
        name,
        label,
        ...lengths.map((minutes) => {
          const report = reports.find((each) => each.name === name && each.minutes === minutes);
          const run = report?.rows.find((row) => row.label === label)?.run;
          return run === undefined ? '' : (run.peakBytes / 1e6).toFixed(0);
        }),
      ]),
    ),
  ]);
  line();
}

const STARTS = 3;

async function printStartUp(): Promise<void> {
  line(
    `./framewarden moderate samples/cockatoo.mp4 on a data directory in use, ${STARTS} times, seconds from the command`,
  );
  const runs = await measureStartUp(STARTS);
  table([
    ['first frame at the detectors', 'first segment classified', 'verdict printed', 'process ended'],
    ...runs.map(({ firstFrameS, firstSegmentS, verdictS, endS }) =>
      [firstFrameS, firstSegmentS, verdictS, endS].map((s) => s.toFixed(2)),
    ),
  ]);
}
