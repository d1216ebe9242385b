import { writeFileSync, mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidConfigError, readConfig } from '../../src/config.js';

/** What was wrong, one sentence each. */
function problemsOf(env: Record<string, string>, flags = {}): readonly string[] {
  try {
    readConfig(flags, env);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('of an empty environment is complete and uses the embedded server', () => {
    expect(readConfig({}, {})).toMatchObject({
      temporal: null,
      ffmpegPath: 'ffmpeg',
      ffprobePath: 'ffprobe',
      searchPath: [],
      logLevel: 'warn',
      colour: true,
      inferenceThreads: availableParallelism(),
    });
    expect(readConfig({}, {}).dataDir).toMatch(/framewarden/);
  });

  test('takes flags before the environment', () => {
    const env = { FRAMEWARDEN_DATA: '/from/environment', FRAMEWARDEN_THREADS: '3', FRAMEWARDEN_LOG_LEVEL: 'debug' };
    expect(readConfig({ dataDir: 'from/flag' }, env)).toMatchObject({
      dataDir: resolve('from/flag'),
      inferenceThreads: 3,
      logLevel: 'debug',
    });
  });

  test('counts an empty variable as not set', () => {
    expect(readConfig({}, { FRAMEWARDEN_THREADS: '', NO_COLOR: '', TEMPORAL_ADDRESS: '' })).toEqual(readConfig({}, {}));
  });

  test('uses no colour once NO_COLOR is set', () => {
    expect(readConfig({}, { NO_COLOR: '1' }).colour).toBe(false);
  });

  test('names every variable that cannot be used, what was expected and what was found', () => {
    const problems = problemsOf({
      FRAMEWARDEN_THREADS: '0',
      FRAMEWARDEN_LOG_LEVEL: 'loud',
      TEMPORAL_ADDRESS: 'http://x',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^FRAMEWARDEN_LOG_LEVEL.*one of silent, .*"loud"/),
      expect.stringMatching(/^FRAMEWARDEN_THREADS.*1 to 256.*"0"/),
      expect.stringMatching(/^TEMPORAL_ADDRESS.*host:port.*"http:\/\/x"/),
    ]);
  });

  test('takes a secret key of 32 signs or more, and never repeats one that is too short', () => {
    expect(readConfig({}, {}).secretKey).toBeNull();
    expect(readConfig({}, { FRAMEWARDEN_SECRET_KEY: 'x'.repeat(32) }).secretKey).toBe('x'.repeat(32));
    const problems = problemsOf({ FRAMEWARDEN_SECRET_KEY: 'hunter2' });
    expect(problems).toEqual([expect.stringMatching(/^FRAMEWARDEN_SECRET_KEY: expected 32 .*, got 7 signs\.$/)]);
  });

  test('refuses an empty flag instead of ignoring it', () => {
    expect(problemsOf({}, { dataDir: '' })).toEqual([expect.stringContaining('--data')]);
  });
});

describe('the Temporal cluster', () => {
  test('is that of TEMPORAL_ADDRESS, in the clear and in the namespace `default` unless told otherwise', () => {
    expect(readConfig({}, { TEMPORAL_ADDRESS: '10.0.0.1:7233' }).temporal).toEqual({
      address: '10.0.0.1:7233',
      namespace: 'default',
      tls: false,
      apiKey: null,
      metadata: {},
    });
  });

  test('is spoken to over TLS once there is an API key', () => {
    const env = { TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_NAMESPACE: 'video', TEMPORAL_API_KEY: 'secret' };
    expect(readConfig({}, env).temporal).toMatchObject({ namespace: 'video', tls: true, apiKey: 'secret' });
  });

  test("takes certificates from the files that Temporal's own variables name", () => {
    const dir = mkdtempSync(join(tmpdir(), 'framewarden-config-'));
    for (const name of ['cert', 'key', 'ca']) writeFileSync(join(dir, name), name);
    const env = {
      TEMPORAL_ADDRESS: 'cluster:7233',
      TEMPORAL_TLS_CLIENT_CERT_PATH: join(dir, 'cert'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: join(dir, 'key'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(dir, 'ca'),
    };
    const tls = readConfig({}, env).temporal?.tls;
    if (typeof tls !== 'object') throw new Error('Expected TLS settings.');
    const texts = [tls.clientCertPair?.crt, tls.clientCertPair?.key, tls.serverRootCACertificate];
    expect(texts.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(['cert', 'key', 'ca']);
  });

  test('is that of a profile when one is named, and a profile without address is refused', () => {
    const dir = mkdtempSync(join(tmpdir(), 'framewarden-config-'));
    const file = join(dir, 'temporal.toml');
    writeFileSync(
      file,
      '[profile.fleet]\naddress = "fleet:7233"\nnamespace = "video"\n[profile.bare]\nnamespace = "x"\n',
    );
    const named = (profile: string) => ({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: profile });
    expect(readConfig({}, named('fleet')).temporal).toMatchObject({ address: 'fleet:7233', namespace: 'video' });
    expect(problemsOf(named('bare'))).toEqual([expect.stringContaining('TEMPORAL_ADDRESS')]);
    expect(problemsOf(named('absent'))).toHaveLength(1);
  });

  test('with a certificate file that is not there is a problem of the configuration', () => {
    const env = { TEMPORAL_ADDRESS: 'cluster:7233', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/no/such/file' };
    expect(problemsOf(env)).toEqual([expect.stringContaining('/no/such/file')]);
  });
});
