// Provides all that framewarden needs on this machine. `--tests`: with what the tests need; run by `npm test` and `npm cit` beforehand.
import { provision } from './provision.mjs';
import { provideS3Server } from './s3-server.mjs';

const development = process.argv.includes('--tests');
try {
  await provision({ development });
  const { readConfig } = await import('../dist/config.js');
  const { provideChromium } = await import('../dist/setup/provide-chromium.js');
  const { provideFfmpeg } = await import('../dist/setup/provide-ffmpeg.js');
  const { providePostgres } = await import('../dist/setup/provide-postgres.js');
  const { provideServer } = await import('../dist/setup/provide-server.js');
  const config = readConfig();
  const say = (line) => console.error(line);
  const { signal } = new AbortController();
  await provideFfmpeg({ ...config, say });
  // The tests start servers of their own, whatever cluster the environment names.
  if (development || config.temporal === null) await provideServer({ ...config, say, signal });
  if (development) await provideS3Server({ ...config, say, signal });
  if (development) await providePostgres({ ...config, say });
  if (development) await provideChromium({ ...config, say });
} catch (error) {
  const forPeople = [
    'ChromiumMissingError',
    'ProvisionError',
    'InvalidConfigError',
    'FfmpegMissingError',
    'PostgresMissingError',
    'ServerMissingError',
  ];
  console.error(forPeople.includes(error.name) ? error.message : error);
  process.exitCode = 1;
}
