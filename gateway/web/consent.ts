/** /c/{secret}: the consent page and what it posts. GET shows and leaves no trace that counts; only POST consents. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  confirmPage,
  consentPage,
  DECLARATION,
  DECLINE_REASON_LIMIT,
  declinedPage,
  donePage,
  FACTOR,
  type FactorFault,
  IDENTITY,
  IDENTITY_TICKED,
  QUESTION_LIMIT,
  questionSentPage,
  takenBackPage,
  type Written,
} from '../../templates/index.ts';
import { type ActionResult, linkState, type OpenedLink } from '../app/consent-desk.ts';
import type { Ticked } from '../app/declaring.ts';
import { type BoxProblem, type FilledBox, filledRows } from '../contract/boxes.ts';
import { boxesAsMailed, boxInputs, hiddenBoxes, type Posted, typedBoxes } from './boxes.ts';
import {
  confirmation,
  consentParams,
  doneParams,
  linkPath,
  NOTHING_TICKED,
  type StepLink,
  statements,
  statePageOf,
} from './consent-params.ts';
import { freshLinkRoute } from './fresh-link.ts';
import type { WebOptions } from './options.ts';
import { notFoundPage, sendDocument, sendPage } from './pages.ts';
import { REFUSAL_PAGES } from './refusal-pages.ts';

/** Three hundred boxes with what fits into them. */
const FORM_LIMIT_OCTETS = 524_288;

interface LinkRoute {
  Params: { secret: string };
  /** Whatever a client may post: a field may come twice, or as JSON of any shape. */
  Body: Posted;
}

interface Wrong {
  readonly problems?: readonly BoxProblem[];
  readonly ticked?: Ticked;
  readonly written?: Written | null;
}

export async function consentRoutes(server: FastifyInstance, options: WebOptions): Promise<void> {
  const { desk, clock, log } = options;
  const isOpen = (link: OpenedLink): boolean => linkState(link, clock().toISOString()) === 'open';

  /** Runs `answer` for a link of ours, or says that there is none. */
  const withLink =
    (
      answer: (
        link: StepLink,
        request: FastifyRequest<LinkRoute>,
        reply: FastifyReply,
      ) => Promise<FastifyReply>,
    ) =>
    async (request: FastifyRequest<LinkRoute>, reply: FastifyReply): Promise<FastifyReply> => {
      const link = await desk.open('consent', request.params.secret);
      if (!link?.step) return sendPage(reply, 404, notFoundPage(options.testAuthority));
      return answer({ ...link, step: link.step }, request, reply);
    };

  /** Scanners look, people press: whoever posts has opened the link. */
  const noteOpened = async (link: StepLink): Promise<void> => {
    const { contract, row } = link;
    if (!(await desk.noteOpened(link))) return;
    log.info({ contract: contract.id, participant: row.participant }, 'link opened by a person');
  };
  const whenPressed = (answer: Parameters<typeof withLink>[0]): ReturnType<typeof withLink> =>
    withLink(async (link, request, reply) => {
      await noteOpened(link);
      return answer(link, request, reply);
    });

  /** The page that asks; again, with what is wrong, where it cannot be taken so. */
  const ask = (
    link: StepLink,
    reply: FastifyReply,
    typed: readonly FilledBox[],
    { problems = [], ticked = NOTHING_TICKED, written = null }: Wrong = {},
  ): FastifyReply => {
    const params = {
      ...consentParams(link, options, statements(link, ticked, false, options)),
      ...boxInputs(link, typed, problems),
      written,
    };
    return sendPage(reply, problems.length > 0 ? 422 : statusOf(written), consentPage(params));
  };

  const show = (link: StepLink, reply: FastifyReply, written: Written | null = null): FastifyReply => {
    const state = linkState(link, clock().toISOString());
    if (state === 'open') return ask(link, reply, boxesAsMailed(link), { written });
    if (state === 'consented') {
      return sendPage(reply, statusOf(written), donePage({ ...doneParams(link, options), written }));
    }
    return sendPage(reply, state === 'concluded' ? 200 : 410, statePageOf(link, state, options));
  };

  /** For an act that the link's state does not allow any more, or not yet. */
  const tooLate = (link: StepLink, reply: FastifyReply): FastifyReply => {
    const state = linkState(link, clock().toISOString());
    return state === 'consented'
      ? show(link, reply)
      : sendPage(reply, 409, statePageOf(link, state, options));
  };

  /** What will be consented to, once more, with all that goes with it. */
  const confirm = (
    link: StepLink,
    reply: FastifyReply,
    body: Posted,
    incomplete: boolean,
    fault: FactorFault | null = null,
  ): FastifyReply => {
    const typed = typedBoxes(link, body);
    const params = {
      ...confirmation(
        link,
        options,
        statements(
          link,
          tickedIn(body),
          incomplete,
          options,
          fault === 'wrong' ? '' : textIn(body, FACTOR),
          fault,
        ),
      ),
      filled: filledRows(link.contract.documents, typed),
      hidden: hiddenBoxes(link, typed),
    };
    return sendPage(reply, incomplete || fault !== null ? 422 : 200, confirmPage(params));
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
    withLink(async (link, { method }, reply) => {
      const { contract, row } = link;
      log.info({ contract: contract.id, participant: row.participant, method }, 'link fetched');
      return show(link, reply);
    }),
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
      const { contract, row } = link;
      log.info(
        { contract: contract.id, participant: row.participant, document: document.id },
        'document fetched',
      );
      const reader = await desk.read(link, document);
      return sendDocument(request, reply, reader, { name: `${document.name}.pdf`, disposition: 'inline' });
    },
  );

  server.post<LinkRoute>(
    '/:secret/confirm',
    { bodyLimit: FORM_LIMIT_OCTETS },
    whenPressed(async (link, { body }, reply) => {
      if (!isOpen(link)) return show(link, reply);
      const typed = typedBoxes(link, body);
      const problems = await desk.problems(link, typed);
      if (problems.length > 0) return ask(link, reply, typed, { problems, ticked: tickedIn(body) });
      return confirm(link, reply, body, false);
    }),
  );

  server.post<LinkRoute>(
    '/:secret/edit',
    { bodyLimit: FORM_LIMIT_OCTETS },
    whenPressed(async (link, { body }, reply) =>
      isOpen(link) ? ask(link, reply, typedBoxes(link, body), { ticked: tickedIn(body) }) : show(link, reply),
    ),
  );

  server.post<LinkRoute>(
    '/:secret/consent',
    { bodyLimit: FORM_LIMIT_OCTETS },
    whenPressed(async (link, request, reply) => {
      const shown = [request.body?.head ?? []].flat();
      const documents = link.contract.documents;
      const bound = documents.map(({ id }, index) => ({ document: id, sha256: String(shown[index] ?? '') }));
      const visitor = { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
      const typed = typedBoxes(link, request.body);
      const ticked = tickedIn(request.body);
      const result = await desk.consent(link, bound, typed, ticked, textIn(request.body, FACTOR), visitor);
      if ('problems' in result) {
        return isOpen(link)
          ? ask(link, reply, typed, { problems: result.problems, ticked })
          : show(link, reply);
      }
      if ('undeclared' in result) {
        return isOpen(link) ? confirm(link, reply, request.body, true) : tooLate(link, reply);
      }
      if ('factor' in result) {
        const { contract, row } = link;
        log.warn(
          { contract: contract.id, participant: row.participant, factor: result.factor },
          'second factor not right',
        );
        if (result.factor === 'locked') {
          return sendPage(
            reply,
            429,
            statePageOf(link, link.factor === 'pin' ? 'pin-locked' : 'factor-locked', options),
          );
        }
        return confirm(link, reply, request.body, false, result.factor);
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
    { bodyLimit: FORM_LIMIT_OCTETS },
    whenPressed(async (link, { body }, reply) => {
      const reason = textIn(body, 'reason');
      if (isOpen(link) && [...reason].length > DECLINE_REASON_LIMIT) {
        return show(link, reply, { form: 'decline', text: reason, fault: 'too-long' });
      }
      const result = await desk.decline(link, reason || null);
      return afterAction(link, result, reply, () => declined(link, false));
    }),
  );

  server.post<LinkRoute>(
    '/:secret/paper',
    whenPressed(async (link, _, reply) => {
      // What the municipality's own approver has against it is a 差戻し.
      if (link.step.role === 'approver') return show(link, reply);
      const result = await desk.decline(link, null, true);
      return afterAction(link, result, reply, () => declined(link, true));
    }),
  );

  const declined = ({ contract, step: { role } }: StepLink, paper: boolean): string => {
    const { base } = options.municipalityOf(contract.municipality);
    return declinedPage({ ...base, role, title: contract.title, paper });
  };

  server.post<LinkRoute>(
    '/:secret/question',
    { bodyLimit: FORM_LIMIT_OCTETS },
    whenPressed(async (link, { body }, reply) => {
      const text = textIn(body, 'question');
      if (text === '') return show(link, reply, { form: 'question', text, fault: 'empty' });
      if ([...text].length > QUESTION_LIMIT) {
        return show(link, reply, { form: 'question', text, fault: 'too-long' });
      }
      const { contract, row, step } = link;
      const result = await desk.ask(link, text);
      if ('refused' in result && result.refused === 'too-many-questions') {
        return show(link, reply, { form: 'question', text, fault: 'too-many' });
      }
      const { base } = options.municipalityOf(contract.municipality);
      const sent = { question: text, address: step.person.address, title: contract.title };
      return afterAction(link, result, reply, () =>
        questionSentPage({ ...base, ...sent, base: linkPath(row.id, options) }),
      );
    }),
  );

  /** The viewer's script tells that somebody has touched the page: what runs scripts without hands does not. */
  server.post<LinkRoute>(
    '/:secret/opened',
    whenPressed(async (_, __, reply) => reply.code(204).send()),
  );

  server.post<LinkRoute>(
    '/:secret/takeback',
    whenPressed(async (link, request, reply) => {
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

function statusOf(written: Written | null): number {
  if (written === null) return 200;
  return written.fault === 'too-many' ? 429 : 422;
}

function tickedIn(body: Posted): Ticked {
  const declaration = body?.[DECLARATION];
  return {
    identity: body?.[IDENTITY] === IDENTITY_TICKED,
    declaration: typeof declaration === 'string' ? declaration : null,
  };
}

/** A field's text with one kind of line end; empty for anything else than one text. */
function textIn(body: Posted, name: string): string {
  const written = body?.[name];
  return typeof written === 'string' ? written.replace(/\r\n?/g, '\n').trim() : '';
}
