import type { Sources } from '../../sources/by-scheme.js';
import type { BlobStore } from '../../store/blobs.js';
import type { SavedPolicies } from '../saved-policies.js';
import type { Service } from '../service.js';

/** Everything that the review console reaches the world through. */
export interface ConsoleService extends Pick<
  Service,
  'settings' | 'records' | 'tasks' | 'detectorsFor' | 'metrics' | 'log'
> {
  blobs: BlobStore;
  /** Where whole videos are read from. */
  sources: Pick<Sources, 'identify' | 'read'>;
  /** Policies that were saved here, which are in force already in what `settings` answers. */
  savedPolicies: Pick<SavedPolicies, 'versionOf' | 'take'>;
  /** Folder of the built page. */
  pageDir: string;
}
