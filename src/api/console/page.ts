import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleProblem } from './problem.js';
import { PageFiles } from './page-files.js';
import type { ConsoleService } from './service.js';

/** The console's page, as it was built: its files, and for every other address that somebody goes to the page itself, which knows its own. */
export function page(app: FastifyInstance, { pageDir }: Pick<ConsoleService, 'pageDir'>): void {
  const files = new PageFiles(pageDir);

  app.get('', (_request, reply) => reply.redirect('/review/', 308));
  app.get('/', { prefixTrailingSlash: 'slash' }, (request, reply) => sendPage(files, request, reply));
  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const file = await files.find(request.params['*']);
    if (file === null) {
      if (isNavigation(request) && !request.url.startsWith('/review/api/')) return sendPage(files, request, reply);
      throw new ConsoleProblem('NotFound', 'There is nothing at this address.');
    }
    if (file.isHashed) reply.header('cache-control', 'public, max-age=31536000, immutable');
    else reply.header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
    return reply.header('etag', file.etag).type(file.contentType).send(file.bytes);
  });
  app.setNotFoundHandler(() => {
    throw new ConsoleProblem('NotFound', 'There is nothing at this address.');
  });
}

async function sendPage(files: PageFiles, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const file = await files.find('index.html');
  reply.header('cache-control', 'no-cache');
  if (file === null)
    return reply
      .status(503)
      .type('text/plain; charset=utf-8')
      .send("The console's page has not been built: run `npm run build`, and load this address again.\n");
  reply.header('etag', file.etag);
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  return reply.type(file.contentType).send(file.bytes);
}

/** Whether somebody goes to the address, and not a part of the page asks for a file. */
function isNavigation({ headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? (headers.accept ?? '').includes('text/html') : mode === 'navigate';
}
