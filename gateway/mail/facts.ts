/** What mails, pages and the certificate say of a contract's people and documents. */

import type * as templates from '../../templates/index.ts';
import { type Box, filledRows, fillingStep } from '../contract/boxes.ts';
import type { Contract, Head, ParticipantId, Person, Step } from '../contract/contract.ts';
import { agreed } from '../contract/documents.ts';

/** A participant as mails and pages address one. */
export function person({ company, title, name, address }: Person): templates.Person {
  return { organisation: company, title, name, address };
}

export function initiator({ initiator: { section, title, name, address } }: Contract): templates.Person {
  return { organisation: section, title, name, address };
}

export function asker(contract: Contract): templates.Initiator {
  return { organisation: contract.initiator.section, name: contract.initiator.name };
}

/** What ended by declining is told apart: a wish for paper, the approver's 差戻し, and a refusal. */
export function shownState(contract: Contract): templates.StatusState {
  return contract.state === 'declined' ? refusalKind(contract) : contract.state;
}

/** Of a contract that was declined. */
export function refusalKind({ steps, ending }: Contract): 'declined' | 'paperWished' | 'sentBack' {
  if (ending?.paper) return 'paperWished';
  return steps.find(({ participant }) => participant === ending?.by)?.role === 'approver'
    ? 'sentBack'
    : 'declined';
}

export function stepOf(contract: Contract, id: ParticipantId | null): Step {
  const step = contract.steps.find(({ participant }) => participant === id);
  if (!step) throw new Error(`${id} takes no step in this contract`);
  return step;
}

export function amount({ terms }: Contract): templates.Amount | null {
  const { amountYen, amountTax, amountUnit } = terms;
  if (amountYen === null) return null;
  return { yen: amountYen, tax: amountTax, ...(amountUnit === undefined ? {} : { unit: amountUnit }) };
}

/** 公告等への記載; null where nothing was written. */
export function announced({ terms }: Contract): boolean | null {
  return terms.announced === undefined ? null : terms.announced === 'yes';
}

/** In the order in which they are asked, observers last. */
export function participants({ steps, observers }: Contract): templates.ReceiptParticipant[] {
  return [
    ...steps.map((step) => ({
      role: step.role,
      person: person(step.person),
      registration: step.registration,
    })),
    ...observers.map((observer) => ({
      role: 'observer' as const,
      person: person(observer),
      registration: null,
    })),
  ];
}

/** Documents as they were agreed so far, or with the digests of an earlier moment (a consent). */
export function documentFacts(contract: Contract, shown: readonly Head[] = []): templates.DocumentFacts[] {
  return contract.documents.map((document) => {
    const { size, sha256 } = agreed(document);
    const then = shown.find((known) => known.document === document.id)?.sha256;
    return { title: document.name, pages: document.pages, size, sha256: then ?? sha256 };
  });
}

/** What the vendor has put into the documents' boxes so far. */
export function filledFacts({ documents, steps }: Contract): templates.FilledFact[] {
  return filledRows(documents, steps[fillingStep(steps)]?.consent?.filled ?? []);
}

export function countOf(boxes: readonly Box[]): { boxes: number; required: number } {
  return { boxes: boxes.length, required: boxes.filter(({ required }) => required).length };
}
