/** Turns the answer to an incoming mail into the mail's content. */

import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { type Contract, type ParticipantId, personOf } from '../contract/contract.ts';
import { base, type MailMunicipality } from './compose-input.ts';
import { type StandingFor, standing } from './compose-standing.ts';
import { asker, initiator, person, refusalKind, shownState } from './facts.ts';
import { approvable, meantWord, WORDS } from './possible-words.ts';
import { AUDITOR } from './rights.ts';
import { historyOf, undeliveredNotices } from './status-facts.ts';
import type { WordName } from './words.ts';

/** What the answer is about; `contract` and `participant` where it belongs to one. */
export interface AnswerInput {
  readonly municipality: MailMunicipality;
  readonly testAuthority: boolean;
  readonly to: { readonly name: string; readonly address: string };
  readonly originalSubject: string;
  /** Whether staff must type four digits beside 「承認」, and which. */
  readonly code: string | null;
}

export interface ContractAnswerInput extends AnswerInput, StandingFor {}

interface Problem {
  readonly code: string;
  readonly args: Readonly<Record<string, string>>;
}

/** `converted` names the PDFs that go with the answer, made from Word and Excel files. */
export function composeRefused(
  input: AnswerInput,
  problems: readonly Problem[],
  converted: readonly string[],
): MailContent {
  return templates.refused({
    ...base(input),
    sender: sender(input),
    originalSubject: input.originalSubject,
    problems: problems.map(sentence),
    converted,
    intakeAddress: input.municipality.address,
  });
}

export function composeForm(input: AnswerInput): MailContent {
  return templates.form({ ...base(input), sender: sender(input), intakeAddress: input.municipality.address });
}

/** What arrived of a mail with 「テスト」. */
export function composeTrial(
  input: AnswerInput,
  {
    documents,
    problems,
    proof,
  }: {
    readonly documents: templates.TrialParams['documents'];
    readonly problems: readonly Problem[];
    readonly proof: string;
  },
): MailContent {
  const facts = { documents, proof, problems: problems.map(sentence) };
  return templates.trial({ ...base(input), sender: sender(input), ...facts });
}

export function composeNotStaff(input: AnswerInput): MailContent {
  return templates.notStaff({
    ...base(input),
    sender: sender(input),
    originalSubject: input.originalSubject,
  });
}

export function composeFilesPassedOn(input: AnswerInput, files: boolean): MailContent {
  return templates.filesPassedOn({ ...base(input), sender: sender(input), files });
}

/** `more` counts the contracts beyond those listed. */
export function composeContractList(
  input: AnswerInput,
  listed: readonly { readonly contract: Contract; readonly url: string }[],
  more: number,
  downloadDays: number,
): MailContent {
  return templates.contractList({
    ...base(input),
    address: input.to.address,
    contracts: listed.map(({ contract: { number, title, contractDate }, url }) => ({
      number,
      title,
      contractDate: contractDate!,
      url,
    })),
    more,
    downloadDays,
  });
}

/** `converted` as in composeRefused. */
export function composeCommandRefused(
  input: ContractAnswerInput,
  problems: readonly Problem[],
  converted: readonly string[],
): MailContent {
  return templates.commandRefused({
    ...about(input),
    ...standing(input),
    reasons: problems.map(({ code, args }) => {
      const word = code === 'unknown-word' ? meantWord(input, args.line ?? '') : null;
      return sentence(word === null ? { code, args } : { code: 'nearly-word', args: { ...args, word } });
    }),
    converted,
  });
}

/** `line` is what was written; 「依頼」 and 「承認」 are asked for as they must be written now. */
export function composeConfirmNeeded(input: ContractAnswerInput, word: WordName, line: string): MailContent {
  return templates.confirmNeeded({
    ...base(input),
    recipient: recipient(input),
    title: input.contract.title,
    word: word === 'goAhead' || word === 'approve' ? WORDS[word]!(input) : line,
    approvable: approvable(input),
  });
}

export function composeResent(input: ContractAnswerInput): MailContent {
  const { contract } = input;
  return templates.commandDone({
    ...about(input),
    done: { kind: 'resent', recipient: person(contract.steps[contract.step]!.person) },
  });
}

export function composeExtended(input: ContractAnswerInput): MailContent {
  const { contract } = input;
  const asked = contract.state === 'awaiting' ? contract.steps[contract.step] : undefined;
  return templates.commandDone({
    ...about(input),
    done: { kind: 'extended', deadline: contract.deadline, informed: asked ? person(asked.person) : null },
  });
}

export function composeChangeProposed(input: ContractAnswerInput): MailContent {
  const { contract } = input;
  const { participant, holder, second } = contract.proposedChange!;
  return templates.commandDone({
    ...about(input),
    done: {
      kind: 'change-proposed',
      former: person(personOf(contract, participant)!),
      holder: person(holder.person),
      second: person(second),
    },
  });
}

export function composeChangeSettled(input: ContractAnswerInput): MailContent {
  const { contract } = input;
  const { holder, settled } = contract.proposedChange!;
  const done = {
    agreed: settled?.agreed === true,
    holder: person(holder.person),
    initiator: initiator(contract),
  };
  return templates.commandDone({ ...about(input), done: { kind: 'change-settled', ...done } });
}

export function composeReturned(input: ContractAnswerInput): MailContent {
  return templates.commandDone({
    ...about(input),
    done: { kind: 'returned', initiator: initiator(input.contract) },
  });
}

export function composeReplyPassedOn(input: ContractAnswerInput): MailContent {
  const { contract } = input;
  return templates.replyPassedOn({
    ...base(input),
    recipient: recipient(input),
    title: contract.title,
    initiator: asker(contract),
    phone: contract.initiator.phone,
  });
}

/** `url` leads to the documents where they are not attached; empty where there is no such page yet. */
export function composeCopies(input: ContractAnswerInput, attached: boolean, url: string): MailContent {
  const { contract } = input;
  return templates.commandDone({
    ...about(input),
    done: {
      kind: 'copies',
      documents: contract.documents.map(({ name }) => name),
      attached,
      url: url || null,
    },
  });
}

/** What 状況 tells that is not the contract's own. */
export interface Surroundings {
  /** What the contract's PDF work waits for. */
  readonly waiting: templates.Waiting | null;
  readonly stopped: templates.WaitingWork | null;
  /** Whose request no server has taken, and since when. */
  readonly deferred: ReadonlyMap<ParticipantId, string>;
  /** Whose tries of the second factor have run out, until when (ISO UTC), and of which link. */
  readonly locks: readonly {
    readonly participant: ParticipantId;
    readonly generation: number;
    readonly until: string;
  }[];
  /** Who has fetched executed files by a link, how often, and when last (ISO UTC). */
  readonly downloads: readonly {
    readonly participant: ParticipantId;
    readonly lastAt: string;
    readonly times: number;
  }[];
}

export function composeStatus(
  input: ContractAnswerInput,
  { waiting, stopped, deferred, locks, downloads }: Surroundings,
): MailContent {
  const { contract } = input;
  return templates.status({
    ...base(input),
    recipient: recipient(input),
    number: contract.number,
    title: contract.title,
    state: shownState(contract),
    waiting,
    stopped,
    deadline: contract.deadline,
    participants: contract.steps.map((step) => ({
      role: step.role,
      person: person(step.person),
      progress: progress(contract, step.participant, deferred.get(step.participant)),
      history: historyOf(contract, step.participant),
    })),
    locks: contract.steps.flatMap(({ participant, generation, consent, person: who }) => {
      const lock = locks.find((one) => one.participant === participant && one.generation === generation);
      return lock && consent === null ? [{ person: person(who), until: lock.until }] : [];
    }),
    undelivered: undeliveredNotices(contract),
    downloads: downloads.flatMap(({ participant, lastAt, times }) => {
      const who = personOf(contract, participant);
      return who ? [{ person: person(who), at: lastAt, times }] : [];
    }),
    ...standing(input),
    approvable: approvable(input),
  });
}

function progress(
  contract: Contract,
  participant: ParticipantId,
  deferredSince: string | undefined,
): templates.ParticipantProgress {
  const step = contract.steps.find((candidate) => candidate.participant === participant);
  if (step?.consent) return { kind: 'consented', at: step.consent.at };
  if (contract.state === 'declined' && contract.ending?.by === participant) {
    return { kind: refusalKind(contract), at: contract.ending.at };
  }
  if (deferredSince !== undefined) return { kind: 'deferred', at: deferredSince };
  const last = contract.deliveries
    .filter(({ recipient, kind }) => recipient === participant && /Request$/.test(kind))
    .at(-1);
  if (!last) return { kind: 'waiting' };
  const onItsWay = last.outcome === 'taken' && last.arrivedAt === undefined && last.delayedAt !== undefined;
  if (onItsWay) return { kind: 'deferred', at: last.at };
  return { kind: last.outcome === 'taken' ? 'asked' : 'undelivered', at: last.at };
}

function sentence({ code, args }: Problem): string {
  return templates.refusalSentence(code as templates.RefusalCode, { ...args });
}

/** Whose contract it is, and what they may approve of it. */
function about(input: ContractAnswerInput): Omit<templates.CommandDoneParams, 'done'> {
  const { number, title } = input.contract;
  return { ...base(input), sender: recipient(input), number, title, approvable: approvable(input) };
}

export function sender({ to }: AnswerInput): templates.Person {
  return { organisation: null, title: null, name: to.name || null, address: to.address };
}

function recipient(input: ContractAnswerInput): templates.Person {
  const { contract, participant } = input;
  if (participant === 'initiator') return initiator(contract);
  return participant === AUDITOR ? sender(input) : person(personOf(contract, participant)!);
}
