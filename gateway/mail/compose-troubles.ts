/** The mails that tell the initiator what holds a contract up: a mail that did not arrive (不達), work that waits or was set aside. */

import * as templates from '../../templates/index.ts';
import { type Contract, pastNoReturn, personOf } from '../contract/contract.ts';
import { addDays, jstDate } from '../contract/jst.ts';
import { bounceReason } from './bounce-reason.ts';
import { base, type ComposeInput, type Composer, reference } from './compose-input.ts';
import { person } from './facts.ts';

export const undelivered: Composer = (input) => {
  const { contract } = input;
  const failed = contract.deliveries.find(({ mail }) => mail === input.about);
  if (!failed) throw new Error('undelivered needs the delivery that failed');
  const who = personOf(contract, failed.recipient)!;
  const step = contract.steps.find(({ participant }) => participant === failed.recipient);
  return templates.undelivered({
    ...base(input),
    ...reference(contract),
    recipient: person(who),
    staff: who.company === null,
    mail: failed.kind,
    sentAt: failed.takenAt ?? failed.at,
    reason: bounceReason(failed.response, input.isCarrier(who.address)),
    unusable: input.unusable,
    phone: step?.phone ?? null,
    fromAddress: input.municipality.address,
    ...untilDeadline(input),
  });
};

export const notOpened: Composer = (input) => {
  const { contract } = input;
  const taken = contract.deliveries.find(({ mail }) => mail === input.about);
  if (!taken) throw new Error('notOpened needs the request that was delivered');
  const step = contract.steps.find(({ participant }) => participant === taken.recipient);
  return templates.notOpened({
    ...base(input),
    ...reference(contract),
    recipient: person(personOf(contract, taken.recipient)!),
    sentAt: taken.at,
    phone: step?.phone ?? null,
    fromAddress: input.municipality.address,
    ...untilDeadline(input),
  });
};

export const factorLocked: Composer = (input) => {
  const { contract, lock } = input;
  const step = contract.steps.find(({ participant }) => participant === input.about);
  if (!step || !lock) throw new Error('factorLocked needs whose tries ran out, and until when');
  return templates.factorLocked({
    ...base(input),
    ...reference(contract),
    recipient: person(step.person),
    ...lock,
    phone: step.phone,
    ...untilDeadline(input),
  });
};

export const deferred: Composer = (input) => {
  const { contract, deferred } = input;
  if (!deferred) throw new Error('deferred needs a request that is still tried');
  const step = contract.steps.find(({ participant }) => participant === deferred.participant)!;
  return templates.deferred({
    ...base(input),
    ...reference(contract),
    recipient: person(step.person),
    since: deferred.since,
    giveUpAfterHours: input.giveUpAfterHours,
    phone: step.phone,
    deadline: contract.deadline,
  });
};

export const delayed: Composer = (input) => {
  const { contract, waiting } = input;
  if (!waiting) throw new Error('delayed needs something that waits');
  return templates.delayed({
    ...base(input),
    ...reference(contract),
    waiting,
    ...standing(contract),
  });
};

export const stopped: Composer = (input) => {
  const { contract, stopped } = input;
  if (!stopped) throw new Error('stopped needs something that was set aside');
  return templates.stopped({ ...base(input), ...reference(contract), ...stopped, ...standing(contract) });
};

/** What is on record, and until when it has to be finished. */
function standing(contract: Contract): Pick<templates.DelayedParams, 'consents' | 'deadline'> {
  return {
    consents: contract.steps.flatMap(({ person: who, consent }) =>
      consent ? [{ person: person(who), at: consent.at }] : [],
    ),
    deadline: pastNoReturn(contract) ? null : contract.deadline,
  };
}

/** Working days after today, the deadline's included. */
function untilDeadline({ contract: { deadline }, now, isDayOff }: ComposeInput): {
  deadline: string;
  workingDaysLeft: number;
} {
  let workingDaysLeft = 0;
  for (let date = addDays(jstDate(now), 1); date <= deadline; date = addDays(date, 1)) {
    if (!isDayOff(date)) workingDaysLeft++;
  }
  return { deadline, workingDaysLeft };
}
