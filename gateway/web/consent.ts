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
import { type BoxProblem, type FilledBox, filledRows } from '../contract/boxes.ts';
import { heads, isLastStep, type Step } from '../contract/contract.ts';
import { jstDate } from '../contract/jst.ts';
import { amount, asker, documentFacts, filledFacts, person } from '../mail/facts.ts';
import { boxesAhead, boxesAsMailed, boxInputs, hiddenBoxes, type Posted, typedBoxes } from './boxes.ts';
import { freshLinkPath, freshLinkRoute } from './fresh-link.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage, notFoundPage, sendDocument, sendPage } from './pages.ts';
import { REFUSAL_PAGES } from './refusal-pages.ts';

/** Three hundred boxes with what fits into them. */
const FORM_LIMIT_OCTETS = 524_288;

interface LinkRoute {
  Params: { secret: string };
  /** Whatever a client may post: a field may come twice, or as JSON of any shape. */
  Body: Posted;
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

  /** The page that asks; again, with what is wrong, where the boxes cannot be filled so. */
  const ask = (
    link: OpenedLink & { step: Step },
    reply: FastifyReply,
    typed: readonly FilledBox[],
    problems: readonly BoxProblem[] = [],
  ): FastifyReply => {
    const params = { ...consentParams(link, options), ...boxInputs(link, typed, problems) };
    return sendPage(reply, problems.length > 0 ? 422 : 200, consentPage(params));
  };

  const show = (link: OpenedLink & { step: Step }, reply: FastifyReply): FastifyReply => {
    const state = linkState(link, clock().toISOString());
    if (state === 'open') return ask(link, reply, boxesAsMailed(link));
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
    { bodyLimit: FORM_LIMIT_OCTETS },
    withLink(async (link, request, reply) => {
      if (linkState(link, clock().toISOString()) !== 'open') return show(link, reply);
      const typed = typedBoxes(link, request.body);
      const problems = await desk.problems(link, typed);
      if (problems.length > 0) return ask(link, reply, typed, problems);
      const filled = filledRows(link.contract.documents, typed);
      const params = { ...confirmation(link, options), filled, hidden: hiddenBoxes(link, typed) };
      return sendPage(reply, 200, confirmPage(params));
    }),
  );

  server.post<LinkRoute>(
    '/:secret/edit',
    { bodyLimit: FORM_LIMIT_OCTETS },
    withLink(async (link, request, reply) =>
      linkState(link, clock().toISOString()) === 'open'
        ? ask(link, reply, typedBoxes(link, request.body))
        : show(link, reply),
    ),
  );

  server.post<LinkRoute>(
    '/:secret/consent',
    { bodyLimit: FORM_LIMIT_OCTETS },
    withLink(async (link, request, reply) => {
      const shown = [request.body?.head ?? []].flat();
      const documents = link.contract.documents;
      const bound = documents.map(({ id }, index) => ({ document: id, sha256: String(shown[index] ?? '') }));
      const visitor = { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
      const typed = typedBoxes(link, request.body);
      const result = await desk.consent(link, bound, typed, visitor);
      if ('problems' in result) {
        return linkState(link, clock().toISOString()) === 'open'
          ? ask(link, reply, typed, result.problems)
          : show(link, reply);
      }
      // A second click finds the consent made: it is shown what the first one did.
      if ('refused' in result && result.refused === 'already-consented') {
        const current = await desk.open('consent', request.params.secret);
        return show({ ...link, ...current, step: current?.step ?? link.step }, reply);
      }
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
    filled: filledFacts(contract),
    hidden: [],
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
    boxes: [],
    strayFaults: [],
    boxesAhead: boxesAhead(link),
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
    filled: filledRows(contract.documents, step.consent!.filled),
    isLast: contract.steps.at(-1)?.participant === step.participant,
    canTakeBack: options.takeBackAllowed && canTakeBack(link),
  };
}

function linkPath(id: string, { desk }: WebOptions): string {
  return `/c/${desk.secretOf('consent', id)}`;
}
