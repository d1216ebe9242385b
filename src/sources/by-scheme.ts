import type { SourceConfig } from '../schema/source-config.js';
import { identifyInDirectory, openInDirectory } from './directory.js';
import { SourceRefusedError } from './errors.js';
import { fileSources } from './file.js';
import { routeOf } from './route.js';
import type { SourceReader } from './source.js';

/** Reads every source that the operator's configuration has a place for. The configuration is asked anew each time: it may be loaded again meanwhile. */
export function openSources(config: () => SourceConfig): SourceReader {
  return {
    async identify(source, signal) {
      const now = config();
      const route = routeOf(source, now);
      switch (route.kind) {
        case 'file':
          return fileSources(now.fileRoots).identify(source, signal);
        case 'directory':
          return identifyInDirectory(source, route.directory, route.key);
        case 's3':
        case 'https':
          throw new SourceRefusedError(source.uri, 'this version reads files and bucket directories only');
      }
    },

    async open(source, signal) {
      const now = config();
      const route = routeOf(source, now);
      switch (route.kind) {
        case 'file':
          return fileSources(now.fileRoots).open(source, signal);
        case 'directory':
          return openInDirectory(source, route.directory, route.key);
        case 's3':
        case 'https':
          throw new SourceRefusedError(source.uri, 'this version reads files and bucket directories only');
      }
    },
  };
}
