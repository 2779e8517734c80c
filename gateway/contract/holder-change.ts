/** 宛先変更 (R4): another address takes a step of the vendor's, by registration or with a second staff member's go-ahead. */
import { openStep } from './asking.ts';
import type { Command, DecisionContext } from './commands.ts';
import type { Contract, NewHolder, Person } from './contract.ts';
import type { EventBody } from './events.ts';
import { type Refusal, type RefusalCode, refuse } from './refusals.ts';

/** The initiator's word: done at once where the address is registered, else put to the second person. */
export function changeHolder(
  contract: Contract,
  { participant, holder, second }: Extract<Command, { type: 'changeHolder' }>,
  context: DecisionContext,
): EventBody[] | Refusal {
  const step = contract.steps.findIndex((candidate) => candidate.participant === participant);
  const obstacle = obstacleTo(contract, step, holder, context);
  if (obstacle) return refuse(obstacle);
  if (second === null) {
    return holder.registration === null
      ? refuse('second-person-needed')
      : changed(contract, step, holder, null, context);
  }
  if (second.address === contract.initiator.address) return refuse('second-person-needed');
  return [{ type: 'HolderChangeProposed', step, participant, holder, second }];
}

/** The second person's answer, given with the secret of the mail that asked for it. */
export function settleHolderChange(
  contract: Contract,
  { grant, agreed, reason }: Extract<Command, { type: 'settleHolderChange' }>,
  context: DecisionContext,
): EventBody[] | Refusal {
  const { proposedChange: proposed } = contract;
  if (proposed === null || proposed.settled) return refuse('nothing-proposed');
  if (grant.participant !== 'second' || grant.generation !== proposed.generation)
    return refuse('link-voided');
  if (!agreed) return [{ type: 'HolderChangeRejected', reason }];
  const obstacle = obstacleTo(contract, proposed.step, proposed.holder, context);
  if (obstacle) return refuse(obstacle);
  return changed(contract, proposed.step, proposed.holder, proposed.second, context);
}

function obstacleTo(
  { steps, initiator, expiresAt }: Contract,
  index: number,
  { person: { address } }: NewHolder,
  { now }: DecisionContext,
): RefusalCode | null {
  const step = steps[index];
  if (!step || step.role === 'approver') return 'not-the-vendors';
  if (step.consent) return 'holder-consented';
  if (now >= expiresAt) return 'expired';
  // Two roles in one mailbox would be one party's consent given twice (R9).
  const taken = [initiator, ...steps.map(({ person }) => person)];
  return taken.some((person) => person.address === address) ? 'address-in-use' : null;
}

function changed(
  contract: Contract,
  step: number,
  holder: NewHolder,
  confirmedBy: Person | null,
  context: DecisionContext,
): EventBody[] {
  const { participant, person } = contract.steps[step]!;
  const others = contract.steps.map((one) => one.participant);
  const tell = ['initiator', `former-${contract.holderChanges.length + 1}`, ...others];
  const event: EventBody = {
    type: 'HolderChanged',
    step,
    participant,
    former: person,
    holder,
    confirmedBy,
    tell,
  };
  const asked = contract.state === 'awaiting' && contract.step === step;
  return asked ? [event, openStep(contract, step, context)] : [event];
}
