/** POST {link}/link: 「新しいリンクを送る」 (R36). Whoever presses, only the participant's own mailbox gets the new link. */
import type { FastifyInstance } from 'fastify';
import { linkSentPage, maskedAddress } from '../../templates/index.ts';
import type { OpenedLink } from '../app/consent-desk.ts';
import { personOf } from '../contract/contract.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage, notFoundPage, sendPage } from './pages.ts';
import { REFUSAL_PAGES } from './refusal-pages.ts';

const PATHS = { consent: '/c', download: '/d' } as const;

/** Path of the form for a link that no longer serves; null where no fresh one can be sent. */
export function freshLinkPath(
  purpose: keyof typeof PATHS,
  link: OpenedLink,
  { desk }: WebOptions,
): string | null {
  return desk.freshLink(link) && `${PATHS[purpose]}/${desk.secretOf(purpose, link.row.id)}/link`;
}

export function freshLinkRoute(
  server: FastifyInstance,
  purpose: keyof typeof PATHS,
  options: WebOptions,
): void {
  const { desk } = options;
  server.post<{ Params: { secret: string } }>('/:secret/link', async (request, reply) => {
    const link = await desk.open(purpose, request.params.secret);
    if (!link) return sendPage(reply, 404, notFoundPage(options.frame));
    const { contract, row } = link;
    const municipality = options.municipalityOf(contract.municipality);
    const result = await desk.requestLink(link);
    if ('refused' in result) {
      const page = contractStatePage(municipality, REFUSAL_PAGES[result.refused], contract.title);
      return sendPage(reply, result.refused === 'too-many-links' ? 429 : 409, page);
    }
    const sent = {
      link: contract.state === 'concluded' ? 'download' : 'consent',
      maskedAddress: maskedAddress(personOf(contract, row.participant)!.address),
    } as const;
    return sendPage(reply, 200, linkSentPage({ ...municipality.base, ...sent, title: contract.title }));
  });
}
