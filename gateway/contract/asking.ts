/** Asking a participant, and asking again: requests, reminders, a longer deadline, fresh links (R15, R24, R36). */
import type { Command, DecisionContext } from './commands.ts';
import { type Contract, type ParticipantId, pastNoReturn, personOf } from './contract.ts';
import type { EventBody, Reminder } from './events.ts';
import { addDays, afterDays, endOfJstDay, jstDate, jstMorning, workingDay } from './jst.ts';
import { type Refusal, type RefusalCode, refuse } from './refusals.ts';

/** Asks the holder of `step` with links of a new generation; those handed out before lose their force. */
export function openStep(
  contract: Contract,
  step: number,
  context: DecisionContext,
  occasion: 'first' | 'resent' = 'first',
): EventBody {
  const { participant, role, generation } = contract.steps[step]!;
  return {
    type: 'StepOpened',
    step,
    participant,
    role,
    generation: generation + 1,
    occasion,
    deadline: contract.deadline,
    reminders: remindersOf(contract, step, contract.deadline, context),
  };
}

/**
 * On mornings of working days: after the request, and back from the last day. For the vendor that is the planned day of
 * the contract where it comes first, since the municipality still has to sign on it (R15). None within a day of the request.
 */
function remindersOf(
  { steps, terms: { plannedDate } }: Contract,
  step: number,
  deadline: string,
  { now, remindDaysAfter, remindDaysBefore, isDayOff }: DecisionContext,
): Reminder[] {
  const today = jstDate(now);
  const vendors = steps[step]!.role !== 'approver' && plannedDate !== null && plannedDate > today;
  const last = vendors && plannedDate < deadline ? plannedDate : deadline;
  const reminders: Reminder[] = [
    ...remindDaysBefore.map((days) => ({
      daysBefore: days,
      at: jstMorning(workingDay(addDays(last, -days), isDayOff, -1)),
    })),
    ...remindDaysAfter.map((days) => ({
      daysAfter: days,
      at: jstMorning(workingDay(addDays(today, days), isDayOff)),
    })),
  ];
  const mornings = new Map(reminders.map((reminder) => [reminder.at, reminder]));
  return [...mornings.values()]
    .filter(({ at }) => at >= afterDays(now, 1) && at < endOfJstDay(last))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** A reminder that is due; stale once the step, its links or the deadline have moved on. */
export function remind(
  contract: Contract,
  { step, generation, deadline }: Extract<Command, { type: 'remind' }>,
  { now }: DecisionContext,
): EventBody[] | Refusal {
  const holder = contract.steps[step];
  const current = step === contract.step && holder?.generation === generation;
  if (!holder || !current || deadline !== contract.deadline || now >= contract.expiresAt) {
    return refuse('stale');
  }
  return [{ type: 'HolderReminded', step, participant: holder.participant, role: holder.role }];
}

/** 「延長」: everybody's links stay as they are. */
export function extend(
  contract: Contract,
  { by, deadline }: Extract<Command, { type: 'extend' }>,
  context: DecisionContext,
): EventBody[] | Refusal {
  if (pastNoReturn(contract)) return refuse('being-sealed');
  if (context.now >= contract.expiresAt) return refuse('expired');
  if (deadline <= contract.deadline) return refuse('not-later');
  const { participant, role, generation } = contract.steps[contract.step]!;
  const asked = contract.state === 'awaiting' ? { step: contract.step, participant, role, generation } : null;
  const reminders = asked ? remindersOf(contract, asked.step, deadline, context) : [];
  return [{ type: 'DeadlineExtended', by, deadline, expiresAt: endOfJstDay(deadline), asked, reminders }];
}

/** Which link `participant` could be sent at `now` (ISO UTC): to the page whose turn it is, or to the executed documents. */
export function linkFor(
  contract: Contract,
  participant: ParticipantId,
  now: string,
): 'consent' | 'download' | RefusalCode {
  if (!personOf(contract, participant)) return 'not-your-turn';
  if (contract.state === 'concluded') return 'download';
  if (contract.state !== 'awaiting') return contract.state === 'expired' ? 'expired' : 'not-your-turn';
  if (contract.steps[contract.step]?.participant !== participant) return 'not-your-turn';
  return now >= contract.expiresAt ? 'expired' : 'consent';
}

/** 「新しいリンクを送る」: whoever presses, the link goes to the participant's own address only. */
export function requestLink(
  contract: Contract,
  participant: ParticipantId,
  context: DecisionContext,
): EventBody[] | Refusal {
  const link = linkFor(contract, participant, context.now);
  if (link !== 'consent' && link !== 'download') return refuse(link);
  const requested: EventBody = { type: 'LinkRequested', participant, link };
  return link === 'download'
    ? [requested]
    : [requested, openStep(contract, contract.step, context, 'resent')];
}
