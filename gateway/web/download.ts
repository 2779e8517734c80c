/** /d/{secret}: the second of the two steps to the executed documents (R35, R36); every download is logged. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BlobReader } from '../../storage/blobs/blobs.ts';
import { downloadPage, howToCheckPage } from '../../templates/index.ts';
import type { ConsentDesk, OpenedLink } from '../app/consent-desk.ts';
import { type FilingNames, filingNames } from '../app/filing-names.ts';
import { certificateHead, head } from '../contract/documents.ts';
import { addDays, jstDate } from '../contract/jst.ts';
import { turns } from '../turns.ts';
import { contentDisposition } from './disposition.ts';
import { freshLinkPath, freshLinkRoute } from './fresh-link.ts';
import type { DocumentOptions } from './options.ts';
import { contractStatePage, notFoundPage, sendDocument, sendPage } from './pages.ts';
import { sendZip } from './zip.ts';

interface ExecutedFile {
  /** Id of the document, or `certificate`. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Below the link's own path. */
  readonly path: string;
  open(): Promise<BlobReader>;
}

/** Everything a concluded contract leaves: its documents, then the certificate. */
function executedFiles(desk: ConsentDesk, link: OpenedLink, names: FilingNames): ExecutedFile[] {
  const { documents, certificate } = link.contract;
  return [
    ...documents.map((document, index) => ({
      id: document.id,
      name: names.documents[index]!,
      size: head(document).size,
      path: `files/${index + 1}`,
      open: () => desk.read(link, document),
    })),
    {
      id: 'certificate',
      name: names.certificate,
      size: certificateHead(certificate!).size,
      path: 'certificate',
      open: () => desk.readCertificate(link),
    },
  ];
}

/** The file for printing is made in memory: whoever asks meanwhile waits. */
const making = turns(1);
/** Links to which one is being sent: it stays in memory until it has gone out, so each link gets one at a time. */
const printing = new Set<string>();

/** Whether octets from the start of a file are sent: neither to HEAD nor for a later part; what is no single part brings it all. */
function fetchesFromTheStart({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && !/^bytes=0*[1-9]\d*-\d*$/.test(headers.range ?? '');
}

export async function downloadRoutes(server: FastifyInstance, options: DocumentOptions): Promise<void> {
  const { desk, reading } = options;

  const namesOf = ({ contract, row }: OpenedLink): FilingNames => {
    const { base, fileNamePattern } = options.municipalityOf(contract.municipality);
    return filingNames(contract, row.participant, { name: base.municipality, fileNamePattern });
  };

  /** The link, or the page that says why there is nothing to download. */
  const open = async (secret: string): Promise<OpenedLink | { status: number; page: string }> => {
    const link = await desk.open('download', secret);
    if (link?.contract.state !== 'concluded') {
      return { status: 404, page: notFoundPage(options.frame) };
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
    return sendPage(reply, 200, pageOf(link, request.params.secret));
  });

  const pageOf = (link: OpenedLink, secret: string, printRefused = false): string => {
    const { contract, row } = link;
    const days = options.downloadDays;
    return downloadPage({
      ...options.municipalityOf(contract.municipality).base,
      number: contract.number,
      title: contract.title,
      files: executedFiles(desk, link, namesOf(link)).map(({ name, size, path }) => ({
        name,
        size,
        href: `/d/${secret}/${path}`,
      })),
      zip: `/d/${secret}/all.zip`,
      print: !printRefused && options.print.allows(contract) ? `/d/${secret}/print.pdf` : null,
      printRefused,
      howToCheck: `/d/${secret}/how-to-check`,
      // Until the relay has taken the mail the days have not begun to run.
      expires: row.expires_at ?? addDays(jstDate(options.clock()), days),
      downloadDays: days,
    });
  };

  server.get<{ Params: { secret: string } }>('/:secret/how-to-check', async (request, reply) => {
    const { secret } = request.params;
    const link = await open(secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const { base, verificationAddress } = options.municipalityOf(link.contract.municipality);
    return sendPage(reply, 200, howToCheckPage({ ...base, back: `/d/${secret}`, verificationAddress }));
  });

  const sendFile = async (
    secret: string,
    path: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const link = await open(secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const file = executedFiles(desk, link, namesOf(link)).find((one) => one.path === path);
    if (!file) return sendPage(reply, 404, notFoundPage(options.frame));
    if (fetchesFromTheStart(request)) {
      await desk.noteDownload(link, file.id);
      options.log.info(
        { contract: link.contract.id, participant: link.row.participant, document: file.id, ip: request.ip },
        'executed document downloaded',
      );
    }
    return sendDocument(request, reply, reading, await file.open(), {
      name: file.name,
      disposition: 'attachment',
    });
  };

  server.get<{ Params: { secret: string; number: string } }>('/:secret/files/:number', (request, reply) =>
    sendFile(request.params.secret, `files/${request.params.number}`, request, reply),
  );

  server.get<{ Params: { secret: string } }>('/:secret/certificate', (request, reply) =>
    sendFile(request.params.secret, 'certificate', request, reply),
  );

  server.get<{ Params: { secret: string } }>('/:secret/all.zip', async (request, reply) => {
    const link = await open(request.params.secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const { contract, row } = link;
    if (fetchesFromTheStart(request)) {
      await desk.noteDownload(link, 'all');
      options.log.info(
        {
          contract: contract.id,
          participant: row.participant,
          documents: contract.documents.length,
          ip: request.ip,
        },
        'executed documents downloaded as one file',
      );
    }
    const names = namesOf(link);
    const files = executedFiles(desk, link, names);
    return sendZip(reply, reading, names.zip, files, new Date(contract.concludedAt!));
  });

  server.get<{ Params: { secret: string } }>('/:secret/print.pdf', async (request, reply) => {
    const { secret } = request.params;
    const link = await open(secret);
    if ('page' in link) return sendPage(reply, link.status, link.page);
    const { contract, row } = link;
    const municipality = options.municipalityOf(contract.municipality);
    if (!options.print.allows(contract)) return sendPage(reply, 422, pageOf(link, secret, true));
    if (printing.has(row.id)) {
      return sendPage(reply, 503, contractStatePage(municipality, 'busy', contract.title));
    }
    const asFile = (): FastifyReply =>
      reply
        .header('cache-control', 'no-store')
        .header('content-disposition', contentDisposition('attachment', namesOf(link).print))
        .type('application/pdf');
    // Its size is known only when it is made.
    if (request.method === 'HEAD') return asFile().send(Readable.from([]));
    // Of who has gone away already nobody hears again.
    if (reply.raw.destroyed) return reply;
    printing.add(row.id);
    reply.raw.once('close', () => printing.delete(row.id));
    // Whoever has gone away meanwhile needs none.
    const made = await making.take(async () => (reply.raw.destroyed ? null : options.print.make(link)));
    if (made === null) return reply;
    if (!made.ok) {
      options.log.warn({ contract: contract.id, reason: made.detail }, 'no file for printing could be made');
      return sendPage(reply, 422, pageOf(link, secret, true));
    }
    await desk.noteDownload(link, 'print');
    options.log.info(
      { contract: contract.id, participant: row.participant, ip: request.ip },
      'executed documents downloaded for printing',
    );
    return asFile().send(Buffer.from(made.bytes.buffer, made.bytes.byteOffset, made.bytes.length));
  });

  freshLinkRoute(server, 'download', options);
}
