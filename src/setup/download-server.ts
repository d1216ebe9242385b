import { TestWorkflowEnvironment } from '@temporalio/testing';
import { errorMessage } from '../domain/error-code.js';

// A program of its own: `node download-server.js DIRECTORY VERSION` leaves a Temporal server in the directory, having started it once.
const [downloadDir = '', version = ''] = process.argv.slice(2);
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir, version } },
  });
  await environment.teardown();
} catch (error) {
  // One line: the stack says nothing to the person who reads it.
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
