/** /c/{secret}/documents/{number}: a document to consent to, whole, as one part (RFC 9110 14) or as many small ones for the viewer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BlobReader } from '../../storage/blobs/blobs.ts';
import type { ConsentPages } from './consent-link.ts';
import { statePageOf } from './consent-params.ts';
import type { DocumentOptions } from './options.ts';
import { notFoundPage, sendDocument, sendPage } from './pages.ts';
import { runsOf, sendRuns } from './parts.ts';

interface DocumentRoute {
  Params: { secret: string; number: string };
  Querystring: { blocks?: unknown };
}

type Send = (
  document: { readonly name: string; readonly reader: BlobReader },
  request: FastifyRequest<DocumentRoute>,
  reply: FastifyReply,
) => FastifyReply;

export function documentRoutes(server: FastifyInstance, options: DocumentOptions, pages: ConsentPages): void {
  const { desk, reading, log } = options;

  /** Sends from a document that the link lets read now, or says why there is none. */
  const withDocument =
    (send: Send) =>
    async (request: FastifyRequest<DocumentRoute>, reply: FastifyReply): Promise<FastifyReply> => {
      const link = await desk.open('consent', request.params.secret);
      const document = link?.contract.documents[Number(request.params.number) - 1];
      if (!link || !document) return sendPage(reply, 404, notFoundPage(options.frame));
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
      return send({ name: `${document.name}.pdf`, reader }, request, reply);
    };

  server.get<DocumentRoute>(
    '/:secret/documents/:number',
    withDocument(({ name, reader }, request, reply) =>
      sendDocument(request, reply, reading, reader, { name, disposition: 'inline' }),
    ),
  );

  server.get<DocumentRoute>(
    '/:secret/documents/:number/parts',
    { exposeHeadRoute: false },
    withDocument(({ reader }, { query }, reply) => {
      const runs = runsOf(query.blocks, reader.size);
      if (runs !== null) return sendRuns(reply, reading, reader, runs);
      void reader.close();
      return sendPage(reply, 416, notFoundPage(options.frame));
    }),
  );
}
