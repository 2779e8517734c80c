/** What the page's 「完了する」 leads to: the confirmation, back to the boxes, the consent itself, and taking it back (R28, R29). */
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  confirmPage,
  DECLARATION,
  donePage,
  FACTOR,
  IDENTITY,
  IDENTITY_TICKED,
  takenBackPage,
} from '../../templates/index.ts';
import type { Ticked } from '../app/declaring.ts';
import { filledRows } from '../contract/boxes.ts';
import { hiddenBoxes, type Posted, typedBoxes } from './boxes.ts';
import { type ConsentPages, type LinkRoute, textIn, textsIn } from './consent-link.ts';
import { type Attempt, confirmation, doneParams, type StepLink, statePageOf } from './consent-params.ts';
import type { WebOptions } from './options.ts';
import { sendPage } from './pages.ts';

export function consentingRoutes(
  server: FastifyInstance,
  options: WebOptions,
  { stateOf, whenPressed, ask, show, afterAction }: ConsentPages,
): void {
  const { desk, log } = options;
  const isOpen = (link: StepLink): boolean => stateOf(link) === 'open';

  /** What will be consented to, once more, with all that goes with it. */
  const confirm = (
    link: StepLink,
    reply: FastifyReply,
    body: Posted,
    wrong: Pick<Attempt, 'incomplete' | 'fault'> = {},
  ): FastifyReply => {
    const typed = typedBoxes(link, body);
    // A code that was not right is not repeated.
    const entered = wrong.fault === 'wrong' ? '' : textIn(body, FACTOR);
    const params = {
      ...confirmation(link, options, { ticked: tickedIn(body), entered, ...wrong }),
      filled: filledRows(link.contract.documents, typed),
      hidden: hiddenBoxes(link, typed),
    };
    return sendPage(reply, wrong.incomplete || wrong.fault ? 422 : 200, confirmPage(params));
  };

  /** For an act that the link's state does not allow any more, or not yet. */
  const tooLate = (link: StepLink, reply: FastifyReply): FastifyReply => {
    const state = stateOf(link);
    return state === 'consented'
      ? show(link, reply)
      : sendPage(reply, 409, statePageOf(link, state, options));
  };

  server.post<LinkRoute>(
    '/:secret/confirm',
    { bodyLimit: options.maxConsentOctets },
    whenPressed(async (link, { body }, reply) => {
      if (!isOpen(link)) return show(link, reply);
      const typed = typedBoxes(link, body);
      const problems = await desk.problems(link, typed);
      if (problems.length > 0) return ask(link, reply, typed, { problems, ticked: tickedIn(body) });
      return confirm(link, reply, body);
    }),
  );

  server.post<LinkRoute>(
    '/:secret/edit',
    { bodyLimit: options.maxConsentOctets },
    whenPressed(async (link, { body }, reply) =>
      isOpen(link) ? ask(link, reply, typedBoxes(link, body), { ticked: tickedIn(body) }) : show(link, reply),
    ),
  );

  server.post<LinkRoute>(
    '/:secret/consent',
    { bodyLimit: options.maxConsentOctets },
    whenPressed(async (link, request, reply) => {
      const { body } = request;
      const shown = textsIn(body, 'head');
      const documents = link.contract.documents;
      const bound = documents.map(({ id }, index) => ({ document: id, sha256: shown[index] ?? '' }));
      const visitor = { ip: request.ip, userAgent: request.headers['user-agent'] ?? null };
      const typed = typedBoxes(link, body);
      const ticked = tickedIn(body);
      const result = await desk.consent(link, bound, typed, ticked, textIn(body, FACTOR), visitor);
      if ('problems' in result) {
        return isOpen(link)
          ? ask(link, reply, typed, { problems: result.problems, ticked })
          : show(link, reply);
      }
      if ('undeclared' in result) {
        return isOpen(link) ? confirm(link, reply, body, { incomplete: true }) : tooLate(link, reply);
      }
      if ('factor' in result) {
        const { contract, row } = link;
        log.warn(
          { contract: contract.id, participant: row.participant, factor: result.factor },
          'second factor not right',
        );
        if (result.factor !== 'locked') return confirm(link, reply, body, { fault: result.factor });
        const state = link.factor === 'pin' ? 'pin-locked' : 'factor-locked';
        return sendPage(reply, 429, statePageOf(link, state, options));
      }
      // A second click finds the consent made: it is shown what the first one did.
      if ('refused' in result && result.refused === 'already-consented') {
        const current = await desk.open('consent', request.params.secret);
        return show({ ...link, ...current, step: current?.step ?? link.step }, reply);
      }
      return afterAction(link, result, reply, (contract) => {
        const step = contract.steps.find(({ participant }) => participant === link.step.participant)!;
        return donePage(doneParams({ ...link, contract, step }, options));
      });
    }),
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
}

function tickedIn(body: Posted): Ticked {
  const declaration = body?.[DECLARATION];
  return {
    identity: body?.[IDENTITY] === IDENTITY_TICKED,
    declaration: typeof declaration === 'string' ? declaration : null,
  };
}
