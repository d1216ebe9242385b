import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { OF_THE_WORKER, TOLD, UNTOLD, WORKERS_TRIED } from '../../src/activities/faults.js';
import { inActivity } from '../../src/activities/in-activity.js';
import { MissingFilterError } from '../../src/media/watch-filters.js';
import { SourceUnavailableError } from '../../src/sources/errors.js';
import { BlobNotFoundError } from '../../src/store/blobs.js';
import { ROOT } from '../support/build.js';

/** Errors that may go away by themselves. */
const PASSING = [
  // A decoder that was killed, or stands still on a disk that does.
  ...['FfmpegError', 'FfmpegStalledError', 'DecodeThreadError'],
  // A thread that died is replaced; a pool is closed with its worker.
  ...['InferenceThreadError', 'InferencePoolClosedError'],
  ...['EndpointError', 'CircuitOpenError'],
  ...['SourceUnavailableError', 'SourceCacheFullError', 'SourceDiskFullError'],
];

/** Errors that no activity meets: of commands, the API and the start of a process, or told as another error before. */
const MET_ELSEWHERE = [
  ...['SparseDecodeError', 'DecodingStoppedError', 'ForbiddenAddressError'],
  ...['StarterMissingError', 'UnknownMarkError', 'ImportProblemError', 'InvalidOwnModelsError'],
  ...['BankExistsError', 'BankNotFoundError', 'BankChangedError', 'MemberExistsError', 'PolicyChangedError'],
  ...['InvalidQueueQueryError', 'InvalidTaskQueryError', 'AccessKeyExistsError', 'UnreadableSecretError'],
  'MigrationFailedError',
];

/** Names of the classes of errors that parts export. */
function exportedErrors(part: string): string[] {
  const files = readdirSync(join(ROOT, 'src', part), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(ROOT, 'src', part, file), 'utf8').matchAll(/export class (\w+Error)\b/g)])
    .map(([, name = '']) => name);
}

test('of every error of the parts it is said, once, whether an activity that meets it is tried again', () => {
  const said = [...Object.keys(TOLD), ...UNTOLD, ...OF_THE_WORKER, ...PASSING, ...MET_ELSEWHERE];
  const exported = ['media', 'sources', 'store', 'banks', 'detectors'].flatMap(exportedErrors);
  expect(said.sort()).toEqual(exported.sort());
});

/** What an activity fails with at this attempt when it meets the error. */
async function failureOf(error: Error, attempt = 1): Promise<unknown> {
  const { meet } = inActivity({ meet: (): Promise<unknown> => Promise.reject(error) });
  const logger = new DefaultLogger('ERROR', () => undefined);
  return new MockActivityEnvironment({ attempt }, { logger }).run(meet).then(
    () => null,
    (failure: unknown) => failure,
  );
}

test('what no retry mends ends an activity at once, what may pass does not', async () => {
  const permanent = await failureOf(new BlobNotFoundError('a'));
  expect(permanent).toBeInstanceOf(ApplicationFailure);
  expect(permanent).toMatchObject({ type: 'BlobNotFoundError', nonRetryable: true });
  const passing = new SourceUnavailableError('https://example.org/', 'nobody answers');
  expect(await failureOf(passing, 100)).toBe(passing);
});

test('a fault of a worker is tried again, by another one maybe, and ends an activity after a few attempts', async () => {
  const fault = new MissingFilterError('ffmpeg', ['blurdetect']);
  expect(await failureOf(fault, WORKERS_TRIED - 1)).toBe(fault);
  expect(await failureOf(fault, WORKERS_TRIED)).toMatchObject({ type: 'MissingFilterError', nonRetryable: true });
});
