import type { Sender } from '../../schema/review.js';
import type { Project, Service } from '../service.js';
import type { Parameters } from './parameters.js';

/** What an operation is given once the caller is known and allowed. */
export interface Call {
  service: Service;
  project: Project;
  parameters: Parameters;
  requestId: string;
  /** Who asks and from where, as the audit record names them. */
  sender: Sender;
}

/** One operation of the API. */
export interface Operation {
  /** Whether it changes anything: its nonce then is remembered for good. */
  writes: boolean;
  /** Answers the body less `RequestId`. @throws {ImmError} */
  run(call: Call): Promise<Record<string, unknown>>;
}
