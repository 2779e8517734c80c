/** /c/{secret}: the consent page and what it posts. GET shows and leaves no trace that counts; only POST consents. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Confirmation,
  confirmPage,
  consentPage,
  DECLINE_REASON_LIMIT,
  declinedPage,
  donePage,
  type PageState,
  takenBackPage,
} from '../../templates/index.ts';
import { type ActionResult, canTakeBack, linkState, type OpenedLink } from '../app/consent-desk.ts';
import { heads, isLastStep, type Step } from '../contract/contract.ts';
import { jstDate } from '../contract/jst.ts';
import { amount, asker, documentFacts, person } from '../mail/compose.ts';
import { freshLinkPath, freshLinkRoute } from './fresh-link.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage, notFoundPage, sendDocument, sendPage } from './pages.ts';
import { REFUSAL_PAGES } from './refusal-pages.ts';

interface LinkRoute {
  Params: { secret: string };
  /** Whatever a client may post: a field may come twice, or as JSON of any shape. */
  Body: { head?: unknown; reason?: unknown } | undefined;
}

export async function consentRoutes(server: FastifyInstance, options: WebOptions): Promise<void> {
  const { desk, clock } = options;

  /** Runs `answer` for a link of ours, or says that there is none. */
  const withLink =
    (
      answer: (
        link: OpenedLink & { step: Step },
        request: FastifyRequest<LinkRoute>,
        reply: FastifyReply,
      ) => Promise<FastifyReply>,
    ) =>
    async (request: FastifyRequest<LinkRoute>, reply: FastifyReply): Promise<FastifyReply> => {
      const link = await desk.open('consent', request.params.secret);
      if (!link?.step) return sendPage(reply, 404, notFoundPage(options.testAuthority));
      return answer({ ...link, step: link.step }, request, reply);
    };

  const show = (link: OpenedLink & { step: Step }, reply: FastifyReply): FastifyReply => {
    const state = linkState(link, clock().toISOString());
    if (state === 'open') return sendPage(reply, 200, consentPage(consentParams(link, options)));
    if (state === 'consented') return sendPage(reply, 200, donePage(doneParams(link, options)));
    return sendPage(reply, state === 'concluded' ? 200 : 410, statePageOf(link, state, options));
  };

  const afterAction = (
    link: OpenedLink,
    result: ActionResult,
    reply: FastifyReply,
    page: () => string,
  ): FastifyReply =>
    'refused' in result
      ? sendPage(reply, 409, statePageOf(link, REFUSAL_PAGES[result.refused], options))
      : sendPage(reply, 200, page());

  server.get<LinkRoute>(
    '/:secret',
    withLink(async (link, _, reply) => show(link, reply)),
  );

  server.get<{ Params: { secret: string; number: string } }>(
    '/:secret/documents/:number',
    async (request, reply) => {
      const link = await desk.open('consent', request.params.secret);
      const document = link?.contract.documents[Number(request.params.number) - 1];
      if (!link || !document) return sendPage(reply, 404, notFoundPage(options.testAuthority));
      const state = linkState(link, clock().toISOString());
      if (state !== 'open' && state !== 'consented') {
        return sendPage(reply, 410, statePageOf(link, state, options));
      }
      const reader = await desk.read(link, document);
      return sendDocument(request, reply, reader, { name: `${document.name}.pdf`, disposition: 'inline' });
    },
  );

  server.post<LinkRoute>(
    '/:secret/confirm',
    withLink(async (link, _, reply) =>
      linkState(link, clock().toISOString()) === 'open'
        ? sendPage(reply, 200, confirmPage(confirmation(link, options)))
        : show(link, reply),
    ),
  );

  server.post<LinkRoute>(
    '/:secret/consent',
    withLink(async (link, request, reply) => {
      const shown = [request.body?.head ?? []].flat();
      const documents = link.contract.documents;
      const bound = documents.map(({ id }, index) => ({ document: id, sha256: String(shown[index] ?? '') }));
      const visitor = { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
      const result = await desk.consent(link, bound, [], visitor);
      // A second click finds the consent made: it is shown what the first one did.
      if ('refused' in result && result.refused === 'already-consented') {
        const current = await desk.open('consent', request.params.secret);
        return show({ ...link, ...current, step: current?.step ?? link.step }, reply);
      }
      if ('problems' in result) return afterAction(link, { refused: 'boxes-not-right' }, reply, () => '');
      return afterAction(link, result, reply, () => {
        const { contract } = result as { contract: typeof link.contract };
        const step = contract.steps.find(({ participant }) => participant === link.step.participant)!;
        return donePage(doneParams({ ...link, contract, step }, options));
      });
    }),
  );

  server.post<LinkRoute>(
    '/:secret/decline',
    withLink(async (link, request, reply) => {
      const written = request.body?.reason;
      const reason = typeof written === 'string' ? written.trim().slice(0, DECLINE_REASON_LIMIT) : '';
      const result = await desk.decline(link, reason || null);
      const { role } = link.step;
      const { base } = options.municipalityOf(link.contract.municipality);
      return afterAction(link, result, reply, () =>
        declinedPage({ ...base, role, title: link.contract.title }),
      );
    }),
  );

  server.post<LinkRoute>(
    '/:secret/takeback',
    withLink(async (link, request, reply) => {
      const result = options.takeBackAllowed
        ? await desk.takeBack(link)
        : ({ refused: 'too-late-to-take-back' } as const);
      const { base } = options.municipalityOf(link.contract.municipality);
      return afterAction(link, result, reply, () =>
        takenBackPage({ ...base, base: `/c/${request.params.secret}`, title: link.contract.title }),
      );
    }),
  );

  freshLinkRoute(server, 'consent', options);
}

function statePageOf(link: OpenedLink, state: PageState | 'consented' | 'open', options: WebOptions): string {
  const municipality = options.municipalityOf(link.contract.municipality);
  const shown = state === 'consented' || state === 'open' ? 'used' : state;
  // Whoever holds an old link is helped on; other states say themselves what to do.
  const offered =
    shown === 'voided' || shown === 'concluded' ? freshLinkPath('consent', link, options) : null;
  return contractStatePage(municipality, shown, link.contract.title, offered);
}

function confirmation(
  { contract, step, row }: OpenedLink & { step: Step },
  options: WebOptions,
): Confirmation {
  const { base, signedBy, nameHolder } = options.municipalityOf(contract.municipality);
  const isLast = isLastStep(contract, contract.step);
  return {
    ...base,
    base: linkPath(row.id, options),
    role: step.role,
    participant: person(step.person),
    title: contract.title,
    documents: documentFacts(contract),
    heads: heads(contract).map(({ sha256 }) => sha256),
    isLast,
    keyOperator: signedBy,
    nameHolder,
    contractDateIfToday: isLast ? jstDate(options.clock()) : null,
  };
}

function consentParams(
  link: OpenedLink & { step: Step },
  options: WebOptions,
): Parameters<typeof consentPage>[0] {
  const { contract } = link;
  const { terms } = contract;
  return {
    ...confirmation(link, options),
    initiator: asker(contract),
    number: contract.number,
    deadline: contract.deadline,
    amount: amount(contract),
    plannedDate: terms.plannedDate,
    term: terms.periodFrom && terms.periodTo ? { from: terms.periodFrom, to: terms.periodTo } : null,
    decisionNumber: terms.approvalNumber,
    message: terms.message,
  };
}

function doneParams(link: OpenedLink & { step: Step }, options: WebOptions): Parameters<typeof donePage>[0] {
  const { contract, step, row } = link;
  const { base } = options.municipalityOf(contract.municipality);
  return {
    ...base,
    base: linkPath(row.id, options),
    role: step.role,
    participant: person(step.person),
    title: contract.title,
    consentedAt: step.consent!.at,
    documents: documentFacts(contract, step.consent?.heads),
    isLast: contract.steps.at(-1)?.participant === step.participant,
    canTakeBack: options.takeBackAllowed && canTakeBack(link),
  };
}

function linkPath(id: string, { desk }: WebOptions): string {
  return `/c/${desk.secretOf('consent', id)}`;
}
