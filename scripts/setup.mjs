// Provides all that framewarden needs on this machine. `--tests`: with what the tests need; run by `npm test` and `npm cit` beforehand.
import { provision } from './provision.mjs';

const development = process.argv.includes('--tests');
try {
  await provision({ development });
  const { readConfig } = await import('../dist/config.js');
  const { provideFfmpeg } = await import('../dist/setup/provide-ffmpeg.js');
  const { provideServer } = await import('../dist/setup/provide-server.js');
  const config = readConfig();
  const say = (line) => console.error(line);
  await provideFfmpeg({ ...config, say });
  // The tests start servers of their own, whatever cluster the environment names.
  if (development || config.temporal === null)
    await provideServer({ ...config, say, signal: new AbortController().signal });
} catch (error) {
  const forPeople = ['ProvisionError', 'InvalidConfigError', 'FfmpegMissingError', 'ServerMissingError'];
  console.error(forPeople.includes(error.name) ? error.message : error);
  process.exitCode = 1;
}
