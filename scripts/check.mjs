// `npm run check`: everything that needs no video and no server, side by side on the cores there are; tells all that is wrong, not only the first.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

// The longest first: the rest fits beside it. The unit tests come last and need nothing built.
const steps = ['lint', 'typecheck', 'format', 'boundaries', 'unused', 'build', 'test:unit'];

function run(step) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', step], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ step, passed: false, seconds: 0, output: error.message }));
    child.on('close', (code) => {
      resolve({ step, passed: code === 0, seconds: (performance.now() - startedAt) / 1000, output });
    });
  });
}

const startedAt = performance.now();
const waiting = [...steps];
const failed = [];
async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { passed, seconds, output } = await run(step);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.padEnd(12)}${seconds.toFixed(1).padStart(6)} s`);
    if (!passed) {
      failed.push(step);
      console.log(output.trim().replace(/^/gm, '     '));
    }
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
console.log(
  failed.length === 0 ? `All checks passed in ${seconds} s.` : `Failed after ${seconds} s: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
