import { detectorInfos } from '../../src/detectors/registry.js';
import { loadPolicy } from '../../src/policy.js';
import type { SamplingMode } from '../../src/schema/options.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { identifyFile } from '../../src/sources/file.js';
import { newTaskRequest } from '../../src/task-request.js';

/** Most that may be asked for: nothing is left out of an hour at one sample a second. */
const MAX_FRAMES = 3600;

/** A task as the command makes it for `--interval 1 --max-frames 3600 --scenes porn` and the default policy. */
export async function requestFor(path: string, sampling: SamplingMode, mediaQueue: string): Promise<TaskRequest> {
  const [loaded, detectors, source] = await Promise.all([loadPolicy(), detectorInfos(['porn']), identifyFile(path)]);
  const options = {
    scenes: ['porn' as const],
    interval: 1,
    maxFrames: MAX_FRAMES,
    coverage: 'whole' as const,
    sampling,
  };
  return newTaskRequest({ ...loaded, source, options, detectors, mediaQueue });
}
