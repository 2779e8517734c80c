/** The mails by which a step of the vendor's goes to another address (R4). */

import * as templates from '../../templates/index.ts';
import { type Contract, type ParticipantId, personOf } from '../contract/contract.ts';
import { base, type Composer, recipient } from './compose-input.ts';
import { initiator, person, stepOf } from './facts.ts';

export const holderChangeRequest: Composer = (input) => {
  const { contract } = input;
  return templates.holderChangeRequest({
    ...proposed(contract),
    ...base(input),
    recipient: recipient(input),
    initiator: initiator(contract),
    phone: stepOf(contract, contract.proposedChange!.participant).phone,
    code: input.code,
  });
};

export const holderChangeRejected: Composer = (input) => {
  const { second, settled } = input.contract.proposedChange!;
  return templates.holderChangeRejected({
    ...proposed(input.contract),
    ...base(input),
    recipient: recipient(input),
    second: person(second),
    reason: settled?.reason ?? null,
  });
};

export const holderChanged: Composer = (input) => {
  const { contract, about } = input;
  const change = contract.holderChanges[Number(about?.replace('former-', '')) - 1];
  if (!change) throw new Error(`no change of address ${about}`);
  const { participant, former, holder, at, confirmedBy } = change;
  return templates.holderChanged({
    ...base(input),
    recipient: recipient(input),
    recipientIs: recipientIs(contract, input.recipient, participant),
    number: contract.number,
    title: contract.title,
    role: stepOf(contract, participant).role,
    former: person(former),
    holder: person(holder),
    changedAt: at,
    confirmedBy: confirmedBy && person(confirmedBy),
    asked: contract.state === 'awaiting' && contract.steps[contract.step]?.participant === participant,
  });
};

/** What a proposal is about; the person who would lose the step is still its holder. */
function proposed(
  contract: Contract,
): Pick<templates.HolderChangedParams, 'number' | 'title' | 'role' | 'former' | 'holder'> {
  const { participant, holder } = contract.proposedChange!;
  return {
    number: contract.number,
    title: contract.title,
    role: stepOf(contract, participant).role,
    former: person(personOf(contract, participant)!),
    holder: person(holder.person),
  };
}

function recipientIs(
  contract: Contract,
  id: ParticipantId,
  changed: ParticipantId,
): templates.HolderChangedParams['recipientIs'] {
  if (id === 'initiator') return 'initiator';
  if (id.startsWith('former-')) return 'former';
  if (id === changed) return 'holder';
  return stepOf(contract, id).role === 'approver' ? 'approver' : 'vendor';
}
