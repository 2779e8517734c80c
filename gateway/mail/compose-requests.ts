/** The mails that ask somebody to act: check, sign, approve (R21–R24). */

import * as templates from '../../templates/index.ts';
import { fillingStep } from '../contract/boxes.ts';
import { personOf } from '../contract/contract.ts';
import { jstDate } from '../contract/jst.ts';
import { base, type ComposeInput, type Composer, recipient } from './compose-input.ts';
import { amount, asker, countOf, documentFacts, filledFacts, person, stepOf } from './facts.ts';

export const checkRequest: Composer = (input) => {
  const { company } = personOf(input.contract, input.recipient)!;
  const signatories = input.contract.steps.filter(({ role }) => role === 'signatory');
  const signatory = signatories.find((step) => step.person.company === company) ?? signatories[0]!;
  return templates.checkRequest({ ...request(input), signatory: person(signatory.person) });
};

export const signatureRequest: Composer = (input) => templates.signatureRequest(request(input));

export const approvalRequest: Composer = (input) => {
  const { contract } = input;
  return templates.approvalRequest({
    ...base(input),
    approver: recipient(input),
    title: contract.title,
    deadline: contract.deadline,
    counterparties: contract.steps
      .filter(({ role, consent }) => role === 'signatory' && consent)
      .map((step) => ({ person: person(step.person), signedAt: step.consent!.at })),
    amount: amount(contract),
    decisionNumber: contract.terms.approvalNumber,
    authority: contract.terms.authority,
    documents: documentFacts(contract),
    filled: filledFacts(contract),
    sameAsDecided: contract.documents.every(({ decided }) => decided),
    url: input.url,
    nameHolder: input.municipality.nameHolder,
    contractDateIfToday: jstDate(input.now),
    code: input.code,
    occasion: input.occasion,
  });
};

function request(input: ComposeInput): templates.SignatureRequestParams {
  const { contract, municipality } = input;
  const boxes = contract.documents.flatMap((document) => document.boxes);
  const asks = contract.steps[fillingStep(contract.steps)]?.participant === input.recipient;
  return {
    ...base(input),
    recipient: recipient(input),
    initiator: asker(contract),
    title: contract.title,
    honorific: municipality.spaceBeforeHonorific ? ' 様' : '様',
    url: input.url,
    deadline: contract.deadline,
    receiptNumber: stepOf(contract, input.recipient).receiptNumber,
    boxes: asks && boxes.length > 0 ? countOf(boxes) : null,
    message: contract.terms.message,
    occasion: input.occasion,
  };
}
