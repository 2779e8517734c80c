/** What the routes of /c/{secret} share: opening the link, showing where its holder stands, and answering an act. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { consentPage, donePage, type Written } from '../../templates/index.ts';
import { type ActionResult, type LinkState, linkState, type OpenedLink } from '../app/consent-desk.ts';
import type { Ticked } from '../app/declaring.ts';
import type { BoxProblem, FilledBox } from '../contract/boxes.ts';
import type { Contract } from '../contract/contract.ts';
import { boxesAsMailed, boxInputs, type Posted } from './boxes.ts';
import { consentParams, doneParams, type StepLink, statePageOf } from './consent-params.ts';
import type { WebOptions } from './options.ts';
import { notFoundPage, sendPage } from './pages.ts';
import { REFUSAL_PAGES } from './refusal-pages.ts';

export interface LinkRoute {
  Params: { secret: string };
  /** Whatever a client may post: a field may come twice, or as JSON of any shape. */
  Body: Posted;
}

type Handler = (request: FastifyRequest<LinkRoute>, reply: FastifyReply) => Promise<FastifyReply>;
type LinkAnswer = (
  link: StepLink,
  request: FastifyRequest<LinkRoute>,
  reply: FastifyReply,
) => Promise<FastifyReply>;

/** Why the page that asks is shown once more. */
interface Wrong {
  readonly problems?: readonly BoxProblem[];
  readonly ticked?: Ticked;
  readonly written?: Written | null;
}

export interface ConsentPages {
  stateOf(link: OpenedLink): LinkState;
  /** Runs `answer` for a link of ours, or says that there is none. */
  withLink(answer: LinkAnswer): Handler;
  /** The same for what is posted. Scanners look, people press: whoever posts has opened the link. */
  whenPressed(answer: LinkAnswer): Handler;
  /** The page that asks; again, with what is wrong, where it cannot be taken so. */
  ask(link: StepLink, reply: FastifyReply, typed: readonly FilledBox[], wrong?: Wrong): FastifyReply;
  /** Where the holder stands now. */
  show(link: StepLink, reply: FastifyReply, written?: Written | null): FastifyReply;
  /** The page that follows, given the contract as the act left it, or why nothing was done. */
  afterAction(
    link: OpenedLink,
    result: ActionResult,
    reply: FastifyReply,
    page: (contract: Contract) => string,
  ): FastifyReply;
}

export function consentPages(options: WebOptions): ConsentPages {
  const { desk, clock, log } = options;
  const stateOf = (link: OpenedLink): LinkState => linkState(link, clock().toISOString());

  const withLink: ConsentPages['withLink'] = (answer) => async (request, reply) => {
    const link = await desk.open('consent', request.params.secret);
    if (!link?.step) return sendPage(reply, 404, notFoundPage(options.frame));
    return answer({ ...link, step: link.step }, request, reply);
  };

  const noteOpened = async (link: StepLink): Promise<void> => {
    const { contract, row } = link;
    if (!(await desk.noteOpened(link))) return;
    log.info({ contract: contract.id, participant: row.participant }, 'link opened by a person');
  };

  /** The HTTP log names no contract. */
  const noteRefused = (
    { contract, row }: StepLink,
    { routeOptions }: FastifyRequest<LinkRoute>,
    link: LinkState,
    status: number,
  ): void => {
    const act = routeOptions.url!.split('/').at(-1);
    log.warn({ contract: contract.id, participant: row.participant, act, link, status }, 'act refused');
  };

  const ask: ConsentPages['ask'] = (link, reply, typed, { problems = [], ticked, written = null } = {}) => {
    const params = {
      ...consentParams(link, options, ticked ? { ticked } : {}),
      ...boxInputs(link, typed, problems),
      written,
    };
    return sendPage(reply, problems.length > 0 ? 422 : statusOf(written), consentPage(params));
  };

  return {
    stateOf,
    withLink,
    whenPressed: (answer) =>
      withLink(async (link, request, reply) => {
        await noteOpened(link);
        const state = stateOf(link);
        const answered = await answer(link, request, reply);
        if (reply.statusCode >= 400) noteRefused(link, request, state, reply.statusCode);
        return answered;
      }),
    ask,
    show(link, reply, written = null) {
      const state = stateOf(link);
      if (state === 'open') return ask(link, reply, boxesAsMailed(link), { written });
      if (state === 'consented') {
        return sendPage(reply, statusOf(written), donePage({ ...doneParams(link, options), written }));
      }
      return sendPage(reply, state === 'concluded' ? 200 : 410, statePageOf(link, state, options));
    },
    afterAction: (link, result, reply, page) =>
      'refused' in result
        ? sendPage(reply, 409, statePageOf(link, REFUSAL_PAGES[result.refused], options))
        : sendPage(reply, 200, page(result.contract)),
  };
}

function statusOf(written: Written | null): number {
  if (written === null) return 200;
  return written.fault === 'too-many' ? 429 : 422;
}

/** A field's text with one kind of line end; empty for anything else than one text. */
export function textIn(body: Posted, name: string): string {
  const written = body?.[name];
  return typeof written === 'string' ? written.replace(/\r\n?/g, '\n').trim() : '';
}

/** Every value of a field that may come several times; empty for whatever is no text. */
export function textsIn(body: Posted, name: string): string[] {
  return [body?.[name] ?? []].flat().map((written) => (typeof written === 'string' ? written : ''));
}
