import type { BlobStore } from '../../store/blobs.js';
import type { Service } from '../service.js';

/** Everything that the review console reaches the world through. */
export interface ConsoleService extends Pick<
  Service,
  'settings' | 'records' | 'tasks' | 'detectorsFor' | 'metrics' | 'log'
> {
  blobs: BlobStore;
  /** Folder of the built page. */
  pageDir: string;
}
