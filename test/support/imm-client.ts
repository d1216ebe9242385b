import * as $OpenApi from '@alicloud/openapi-client';
import * as $Core from '@alicloud/openapi-core';
import type { AccessKey } from '../../src/store/access-keys.js';

/** Alibaba's own client cores as they are published, and both signatures of the older one. */
export const CLIENTS = ['openapi-client', 'openapi-client, signature V1', 'openapi-core'] as const;
export type ClientName = (typeof CLIENTS)[number];

// The compiler takes these modules for ones that Node itself would load, where the class is one `default` further in.
const OpenApi = $OpenApi.default as unknown as (typeof $OpenApi.default)['default'];
const OpenApiCore = $Core.default as unknown as (typeof $Core.default)['default'];
const { $OpenApiUtil } = $Core;

/** Where and as whom a client calls. */
export interface Caller {
  endpoint: string;
  key: Pick<AccessKey, 'accessKeyId' | 'secret' | 'securityToken'>;
}

export type Body = Record<string, unknown>;

/** What an error of the clients carries. */
export interface ImmClientError extends Error {
  code: string;
  statusCode?: number;
  data?: Body;
  accessDeniedDetail?: Body;
}

export type Call = (action: string, query: Record<string, string>) => Promise<Body>;

/**
 * Calls an operation as Alibaba's generated clients do, which are thin wrappers around these cores. Rejects with their errors. By themselves they give up
 * after 3 s (`readTimeoutMs: undefined`), which a machine that is busy with other things may exceed.
 */
export function immClient(
  { endpoint, key }: Caller,
  name: ClientName = 'openapi-client',
  { readTimeoutMs }: { readTimeoutMs: number | undefined } = { readTimeoutMs: 60_000 },
): Call {
  const config = {
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.secret,
    ...(key.securityToken === null ? {} : { securityToken: key.securityToken }),
    endpoint,
    protocol: 'HTTP',
    ...(readTimeoutMs === undefined ? {} : { readTimeout: readTimeoutMs }),
  };
  const runtime = { toMap: () => ({}) } as never;
  const params = {
    version: '2020-09-30',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  };
  if (name === 'openapi-core') {
    const client = new OpenApiCore(new $OpenApiUtil.Config(config));
    return async (action, query) => {
      const request = new $OpenApiUtil.OpenApiRequest({ query });
      return bodyOf(await client.callApi(new $OpenApiUtil.Params({ ...params, action }), request, runtime));
    };
  }
  const signature = name === 'openapi-client' ? {} : { signatureAlgorithm: 'v2' };
  const client = new OpenApi(new $OpenApi.Config({ ...config, ...signature }));
  return async (action, query) => {
    const request = new $OpenApi.OpenApiRequest({ query });
    return bodyOf(await client.callApi(new $OpenApi.Params({ ...params, action }), request, runtime));
  };
}

function bodyOf(answer: Record<string, unknown>): Body {
  return answer['body'] as Body;
}

/** The error that a call is refused with. */
export async function refusalOf(call: Promise<Body>): Promise<ImmClientError> {
  try {
    await call;
  } catch (error) {
    return error as ImmClientError;
  }
  throw new Error('Expected the call to be refused');
}

/** Asks until the task has ended, and answers its result. */
export async function resultOf(call: Call, project: string, taskId: unknown): Promise<Body> {
  const kind = String(taskId).startsWith('Image') ? 'Image' : 'Video';
  const named = { ProjectName: project, TaskType: `${kind}Moderation`, TaskId: String(taskId) };
  for (let tries = 0; tries < 900; tries++) {
    const body = await call(`Get${kind}ModerationResult`, named);
    if (body['Status'] !== 'Running') return body;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('Expected the task to end within three minutes');
}
