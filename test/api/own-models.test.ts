import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../support/build.js';
import { CLIENTS, immClient, resultOf } from '../support/imm-client.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../support/own-models.js';
import { openService, PROJECT, type TestService } from '../support/service.js';

let models: string;
let service: TestService;
beforeAll(async () => {
  await build();
  models = mkdtempSync(join(tmpdir(), 'own-models-'));
  const network = meansNetwork('NCHW');
  writeOwnModel(models, 'colours', { onnx: onnxSection(network) }, network);
  service = await openService({ models });
  await service.installation.startWorkers();
});
afterAll(async () => {
  await service.close();
  rmSync(models, { recursive: true });
});

test('a service asks the models that its configuration names, in every task of their scenes', async () => {
  const call = immClient(service, CLIENTS[0]);
  const asked = { ProjectName: PROJECT, SourceURI: 'oss://samples/newtonscradle.gif', Scenes: '["terrorism"]' };
  const { TaskId } = await call('CreateImageModerationTask', { ...asked, MaxFrames: '3' });
  expect(await resultOf(call, PROJECT, TaskId)).toMatchObject({
    Status: 'Succeeded',
    ModerationResult: {
      Details: {
        Scenes: { Inspected: ['terrorism'] },
        Detectors: expect.arrayContaining([
          expect.objectContaining({ Name: 'colours', Version: '1.0', AtMost: 'review', Samples: 3 }),
        ]) as unknown,
      },
    },
  });
});
