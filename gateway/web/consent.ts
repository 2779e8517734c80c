/** /c/{secret}: the page that asks, and all that belongs to it. GET shows and leaves no trace that counts; only POST does. */
import type { FastifyInstance } from 'fastify';
import { consentPages, type LinkRoute } from './consent-link.ts';
import { consentingRoutes } from './consenting.ts';
import { documentRoutes } from './documents.ts';
import { freshLinkRoute } from './fresh-link.ts';
import { objectingRoutes } from './objecting.ts';
import type { DocumentOptions } from './options.ts';

export async function consentRoutes(server: FastifyInstance, options: DocumentOptions): Promise<void> {
  const { log } = options;
  const pages = consentPages(options);

  server.get<LinkRoute>(
    '/:secret',
    pages.withLink(async (link, { method }, reply) => {
      const { contract, row } = link;
      log.info({ contract: contract.id, participant: row.participant, method }, 'link fetched');
      return pages.show(link, reply);
    }),
  );

  /** The viewer's script tells that somebody has touched the page: what runs scripts without hands does not. */
  server.post<LinkRoute>(
    '/:secret/opened',
    pages.whenPressed(async (_, __, reply) => reply.code(204).send()),
  );

  documentRoutes(server, options, pages);
  consentingRoutes(server, options, pages);
  objectingRoutes(server, options, pages);
  freshLinkRoute(server, 'consent', options);
}
