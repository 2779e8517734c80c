/** What the consent page and its followers say, taken from a contract, one of its steps and the settings. */
import {
  type Confirmation,
  type ConsentPageParams,
  DECLARATION_VERSION,
  type DonePageParams,
  type FactorFault,
  type PageState,
  type ProgressStep,
  type Statements,
  type WritingLimits,
} from '../../templates/index.ts';
import { canTakeBack, type OpenedLink } from '../app/consent-desk.ts';
import type { Ticked } from '../app/declaring.ts';
import { filledRows } from '../contract/boxes.ts';
import { heads, isLastStep, type Step } from '../contract/contract.ts';
import { jstDate } from '../contract/jst.ts';
import { amount, asker, documentFacts, filledFacts, person } from '../mail/facts.ts';
import { boxesAhead } from './boxes.ts';
import { freshLinkPath } from './fresh-link.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage } from './pages.ts';
import { progressOf } from './progress.ts';

/** A link whose holder takes a step. */
export type StepLink = OpenedLink & { readonly step: Step };

const NOTHING_TICKED: Ticked = { identity: false, declaration: null };

/** Where the holder's link stands, with the way to a fresh one where that helps. */
export function statePageOf(
  link: OpenedLink,
  state: PageState | 'consented' | 'open',
  options: WebOptions,
): string {
  const municipality = options.municipalityOf(link.contract.municipality);
  const shown = shownState(state, link);
  // Whoever holds an old link is helped on; other states say themselves what to do.
  const offered =
    shown === 'voided' || shown === 'concluded' ? freshLinkPath('consent', link, options) : null;
  return contractStatePage(municipality, shown, link.contract.title, offered);
}

function shownState(state: PageState | 'consented' | 'open', { contract }: OpenedLink): PageState {
  if (state === 'declined' && contract.ending?.paper) return 'paper-wished';
  return state === 'consented' || state === 'open' ? 'used' : state;
}

/** What a holder has ticked and entered so far; nothing, where the page is shown for the first time. */
export interface Attempt {
  readonly ticked?: Ticked;
  /** A consent was asked for without all of it. */
  readonly incomplete?: boolean;
  /** As second factor. */
  readonly entered?: string;
  readonly fault?: FactorFault | null;
}

function statements(
  link: StepLink,
  { ticked = NOTHING_TICKED, incomplete = false, entered = '', fault = null }: Attempt,
  { desk }: WebOptions,
): Statements {
  const { identity, declaration } = ticked;
  const declared = desk.mustDeclare(link) ? declaration === DECLARATION_VERSION : null;
  const kind = link.factor;
  return { identity, declaration: declared, incomplete, factor: kind && { kind, entered, fault } };
}

export function confirmation(link: StepLink, options: WebOptions, attempt: Attempt): Confirmation {
  const { contract, step, row } = link;
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
    statements: statements(link, attempt, options),
  };
}

export function consentParams(link: StepLink, options: WebOptions, attempt: Attempt): ConsentPageParams {
  const { contract } = link;
  const { terms } = contract;
  return {
    ...confirmation(link, options, attempt),
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
    progress: progress(link, options),
    written: null,
    limits: writingLimits(options),
  };
}

export function doneParams(link: StepLink, options: WebOptions): DonePageParams {
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
    progress: progress(link, options),
    written: null,
    limits: writingLimits(options),
  };
}

function writingLimits({ declineCharacters, questionCharacters }: WebOptions): WritingLimits {
  return { decline: declineCharacters, question: questionCharacters };
}

/** The steps as this holder may see them. */
function progress({ contract, step }: StepLink, options: WebOptions): ProgressStep[] {
  const { base } = options.municipalityOf(contract.municipality);
  return progressOf(contract, step.participant, options.showOtherSignatories, base.municipality);
}

/** Path of the holder's own page. */
export function linkPath(id: string, { desk }: WebOptions): string {
  return `/c/${desk.secretOf('consent', id)}`;
}
