import type { AccessKey } from '../store/access-keys.js';

/** How to call a development server, to be copied into a terminal and into a program. */
export function devHelp({ endpoint, project, key }: { endpoint: string; project: string; key: AccessKey }): string {
  const { accessKeyId, secret } = key;
  return `
Project ${project}, objects oss://samples/… (the folder samples/), access key ${accessKeyId} with the secret ${secret}

Look whether it is up:
  curl http://${endpoint}/healthz

Moderate a video from a program (npm install @alicloud/openapi-client; Alibaba's generated IMM clients take the same endpoint and protocol):

  import OpenApi, { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
  import { RuntimeOptions } from '@alicloud/tea-util';

  const client = new OpenApi.default(
    new Config({ accessKeyId: '${accessKeyId}', accessKeySecret: '${secret}', endpoint: '${endpoint}', protocol: 'HTTP' }),
  );
  const call = (action, query) =>
    client.callApi(
      new Params({ action, version: '2020-09-30', protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' }),
      new OpenApiRequest({ query }),
      new RuntimeOptions({}),
    );
  const { body } = await call('CreateVideoModerationTask', { ProjectName: '${project}', SourceURI: 'oss://samples/cockatoo.mp4', Scenes: '["porn"]' });
  let result;
  do {
    await new Promise((resolve) => setTimeout(resolve, 500));
    ({ body: result } = await call('GetVideoModerationResult', { ProjectName: '${project}', TaskType: 'VideoModeration', TaskId: body.TaskId }));
  } while (result.Status === 'Running');
  console.log(JSON.stringify(result, null, 2));

`;
}
