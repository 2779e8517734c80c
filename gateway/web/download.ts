/** /d/{secret}: the second of the two steps to the executed documents (R35, R36); every download is logged. */
import type { FastifyInstance } from 'fastify';
import { downloadPage } from '../../templates/index.ts';
import type { OpenedLink } from '../app/consent-desk.ts';
import { head } from '../contract/contract.ts';
import { addDays, jstDate } from '../contract/jst.ts';
import { freshLinkPath, freshLinkRoute } from './fresh-link.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage, notFoundPage, sendDocument, sendPage } from './pages.ts';
import { sendZip } from './zip.ts';

export async function downloadRoutes(server: FastifyInstance, options: WebOptions): Promise<void> {
  const { desk } = options;

  /** The link, or the page that says why there is nothing to download. */
  const open = async (secret: string): Promise<OpenedLink | { status: number; page: string }> => {
    const link = await desk.open('download', secret);
    if (link?.contract.state !== 'concluded') {
      return { status: 404, page: notFoundPage(options.testAuthority) };
    }
    if (!desk.isExpired(link)) return link;
    const municipality = options.municipalityOf(link.contract.municipality);
    const fresh = freshLinkPath('download', link, options);
    const page = contractStatePage(municipality, 'download-expired', link.contract.title, fresh);
    return { status: 410, page };
  };

  server.get<{ Params: { secret: string } }>('/:secret', async (request, reply) => {
    const link = await open(request.params.secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const { contract, row } = link;
    const days = options.downloadDays;
    const page = downloadPage({
      ...options.municipalityOf(contract.municipality).base,
      number: contract.number,
      title: contract.title,
      files: contract.documents.map((document, index) => ({
        name: `${document.name}.pdf`,
        size: head(document).size,
        href: `/d/${request.params.secret}/files/${index + 1}`,
      })),
      zip: contract.documents.length > 1 ? `/d/${request.params.secret}/all.zip` : null,
      // Until the relay has taken the mail the days have not begun to run.
      expires: row.expires_at ?? addDays(jstDate(options.clock()), days),
      downloadDays: days,
    });
    return sendPage(reply, 200, page);
  });

  server.get<{ Params: { secret: string; number: string } }>(
    '/:secret/files/:number',
    async (request, reply) => {
      const link = await open(request.params.secret);
      if ('page' in link) return sendPage(reply, link.status, link.page);
      const document = link.contract.documents[Number(request.params.number) - 1];
      if (!document) return sendPage(reply, 404, notFoundPage(options.testAuthority));
      options.log.info(
        { contract: link.contract.id, participant: link.row.participant, document: document.id },
        'executed document downloaded',
      );
      const reader = await desk.read(link, document);
      return sendDocument(request, reply, reader, {
        name: `${document.name}.pdf`,
        disposition: 'attachment',
      });
    },
  );

  server.get<{ Params: { secret: string } }>('/:secret/all.zip', async (request, reply) => {
    const link = await open(request.params.secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const { contract, row } = link;
    options.log.info(
      { contract: contract.id, participant: row.participant, documents: contract.documents.length },
      'executed documents downloaded as one file',
    );
    const entries = contract.documents.map((document) => ({
      name: `${document.name}.pdf`,
      size: head(document).size,
      open: () => desk.read(link, document),
    }));
    return sendZip(reply, `${contract.number}.zip`, entries, new Date(contract.concludedAt!));
  });

  freshLinkRoute(server, 'download', options);
}
