/** /c/{secret}: the page that asks, and its documents. GET shows and leaves no trace that counts; only POST does. */
import type { FastifyInstance } from 'fastify';
import { consentPages, type LinkRoute } from './consent-link.ts';
import { statePageOf } from './consent-params.ts';
import { consentingRoutes } from './consenting.ts';
import { freshLinkRoute } from './fresh-link.ts';
import { objectingRoutes } from './objecting.ts';
import type { WebOptions } from './options.ts';
import { notFoundPage, sendDocument, sendPage } from './pages.ts';

export async function consentRoutes(server: FastifyInstance, options: WebOptions): Promise<void> {
  const { desk, log } = options;
  const pages = consentPages(options);

  server.get<LinkRoute>(
    '/:secret',
    pages.withLink(async (link, { method }, reply) => {
      const { contract, row } = link;
      log.info({ contract: contract.id, participant: row.participant, method }, 'link fetched');
      return pages.show(link, reply);
    }),
  );

  server.get<{ Params: { secret: string; number: string } }>(
    '/:secret/documents/:number',
    async (request, reply) => {
      const link = await desk.open('consent', request.params.secret);
      const document = link?.contract.documents[Number(request.params.number) - 1];
      if (!link || !document) return sendPage(reply, 404, notFoundPage(options.testAuthority));
      const state = pages.stateOf(link);
      if (state !== 'open' && state !== 'consented') {
        return sendPage(reply, 410, statePageOf(link, state, options));
      }
      const { contract, row } = link;
      log.info(
        { contract: contract.id, participant: row.participant, document: document.id },
        'document fetched',
      );
      const reader = await desk.read(link, document);
      return sendDocument(request, reply, reader, { name: `${document.name}.pdf`, disposition: 'inline' });
    },
  );

  /** The viewer's script tells that somebody has touched the page: what runs scripts without hands does not. */
  server.post<LinkRoute>(
    '/:secret/opened',
    pages.whenPressed(async (_, __, reply) => reply.code(204).send()),
  );

  consentingRoutes(server, options, pages);
  objectingRoutes(server, options, pages);
  freshLinkRoute(server, 'consent', options);
}
