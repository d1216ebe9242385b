import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { builtFile } from '../../src/paths.js';
import { build } from '../support/build.js';

let code: string;
beforeAll(async () => {
  await build();
  code = readFileSync(builtFile('workflow-bundle.js'), 'utf8');
});

test('the workflow bundle holds no zod: what is validated is validated at the edges', () => {
  expect(code).not.toContain('ZodError');
});

test('the workflow bundle reaches no module of Node and no part of ours that does', () => {
  expect(code).not.toMatch(/require\("(node:)?(fs|child_process|net|worker_threads|crypto|http|os)(\/promises)?"\)/);
  for (const part of ['src/media', 'src/store', 'src/detectors', 'src/activities', 'fluent-ffmpeg', 'onnxruntime']) {
    expect(code).not.toContain(`/${part.replace('src/', 'dist/')}/`);
  }
});

test('the workflow bundle stays small: a worker loads it before its first task', () => {
  expect(code.length).toBeLessThan(2_200_000);
});

test("Temporal's packages share one protobufjs: with two, histories cannot be read from JSON", () => {
  const resolvedFrom = (name: string): string => {
    const from = createRequire(require.resolve(`${name}/package.json`, { paths: [__dirname] }));
    return realpathSync(from.resolve('protobufjs'));
  };
  expect(resolvedFrom('@temporalio/common')).toBe(resolvedFrom('@temporalio/proto'));
});
