import { authenticate } from '../../auth/authenticate.js';
import { operationOf } from '../../auth/operation.js';
import { authorize, projectResource } from '../../auth/ram/authorize.js';
import type { Principal } from '../../auth/principal.js';
import { ramContext } from '../../auth/ram/conditions.js';
import { headerOf, type SignedRequest, valueOf } from '../../auth/signed-request.js';
import { actionNotFound, noSuchVersion, resourceNotFound, throttled } from '../../domain/imm-error.js';
import type { Sender } from '../../schema/review.js';
import type { Service } from '../service.js';
import { OPERATIONS, VERSION } from './operations.js';
import { Parameters, shown } from './parameters.js';
import type { RequestRates } from './request-rates.js';

/** The operation that a request claims to ask for, whoever sent it; `other` when there is none of that name. */
export function operationNamed(request: SignedRequest): string {
  const name = headerOf(request, 'x-acs-action') ?? valueOf([...request.query, ...request.form], 'Action') ?? '';
  return OPERATIONS.has(name) ? name : 'other';
}

/**
 * Answers one request: who asks, for what, whether they may, whether they ask too often, and then the operation itself.
 * @throws {ImmError}
 */
export async function answer(
  service: Service,
  rates: RequestRates,
  request: SignedRequest,
  requestId: string,
): Promise<Record<string, unknown>> {
  const { action, version } = operationOf(request);
  const operation = OPERATIONS.get(action);
  const settings = service.settings();
  const now = Date.now();
  const principal = await authenticate(request, {
    keys: service.keys,
    nonces: service.nonces,
    readNonces: service.readNonces,
    policiesOf: settings.policiesOf,
    now,
    writes: operation?.writes ?? false,
  });
  // Only who is known learns what there is.
  if (version !== VERSION) throw noSuchVersion(shown(version));
  if (operation === undefined) throw actionNotFound(shown(action));
  const parameters = new Parameters([...request.query, ...request.form]);
  const projectName = parameters.requiredText('ProjectName');
  authorize(principal, {
    action: `imm:${action}`,
    resource: projectResource(settings.region, principal.accountId, projectName),
    context: ramContext(request, now),
  });
  const project = settings.projects.get(projectName);
  if (project === undefined || project.account !== principal.accountId)
    throw resourceNotFound(`Project ${shown(projectName)}`);
  const waitMs = rates.take(project.name, project.requestsPerSecond, now);
  if (waitMs > 0)
    throw throttled(
      'User',
      `Expected at most ${project.requestsPerSecond} requests a second of project ${project.name}.`,
      waitMs,
    );
  return operation.run({ service, project, parameters, requestId, sender: senderOf(principal, request.sourceIp) });
}

function senderOf({ accountId, userName }: Principal, address: string): Sender {
  return { actor: `api:${userName ?? accountId}`, address };
}
