/** The mails by which a contract ends without being concluded (R20, R24, R29). */

import * as templates from '../../templates/index.ts';
import type { Contract } from '../contract/contract.ts';
import { base, type Composer, recipient, reference } from './compose-input.ts';
import { asker, person, stepOf } from './facts.ts';
import { filledForm } from './form-facts.ts';

export const declined: Composer = (input) => {
  const { contract } = input;
  const step = stepOf(contract, contract.ending?.by ?? null);
  return templates.declined({
    ...base(input),
    ...reference(contract),
    role: step.role,
    participant: person(step.person),
    declinedAt: contract.ending!.at,
    reason: contract.ending!.reason,
    paper: contract.ending!.paper === true,
    form: filledForm(input),
  });
};

export const cancelled: Composer = (input) => {
  const { contract } = input;
  return templates.cancelled({
    ...base(input),
    recipient: recipient(input),
    initiator: asker(contract),
    title: contract.title,
    cause: cancelCause(contract),
    // A vendor's reason for declining is the municipality's to tell.
    message: contract.state === 'withdrawn' ? (contract.ending?.reason ?? null) : null,
  });
};

function cancelCause(contract: Contract): templates.CancelCause {
  if (contract.state === 'withdrawn') return 'withdrawn';
  if (contract.state !== 'declined') return 'expired';
  return contract.ending?.paper ? 'paperWished' : 'declined';
}

export const withdrawnAnswer: Composer = (input) =>
  templates.withdrawnAnswer({
    ...base(input),
    ...reference(input.contract),
    informed: input.contract.steps
      .filter(({ generation }) => generation > 0)
      .map((step) => person(step.person)),
    form: filledForm(input),
  });

export const expired: Composer = (input) =>
  templates.expired({
    ...base(input),
    ...reference(input.contract),
    deadline: input.contract.deadline,
    pending: input.contract.steps.filter(({ consent }) => !consent).map((step) => person(step.person)),
    form: filledForm(input),
  });

export const draftExpired: Composer = (input) =>
  templates.draftExpired({ ...base(input), ...reference(input.contract), days: input.draftExpiresDays });
