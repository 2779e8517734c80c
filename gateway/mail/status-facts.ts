/** What 状況 tells of each participant's mails, changes of address and consent, in the order of time. */
import type { ParticipantEvent, StatusParams } from '../../templates/index.ts';
import { type Contract, type Delivery, type ParticipantId, personOf } from '../contract/contract.ts';
import { person } from './facts.ts';

const isRequest = ({ kind }: Delivery): boolean => /^(check|signature|approval)Request$/.test(kind);

function told(what: ParticipantEvent['what'], at: string | undefined): ParticipantEvent[] {
  return at === undefined ? [] : [{ what, at, address: null }];
}

/** Empty where one event is all there was and the participant's progress tells of it. */
export function historyOf(contract: Contract, participant: ParticipantId): ParticipantEvent[] {
  const { deliveries, holderChanges, proposedChange, steps } = contract;
  const step = steps.find((one) => one.participant === participant);
  const mails = deliveries
    .filter((delivery) => delivery.recipient === participant && isRequest(delivery))
    .flatMap(({ outcome, at, takenAt, delayedAt, arrivedAt }, index): ParticipantEvent[] => {
      const mailed = index === 0 ? 'mailed' : 'mailedAgain';
      return [
        ...told(mailed, outcome === 'taken' ? at : takenAt),
        ...told('delayed', delayedAt),
        ...told('arrived', arrivedAt),
        ...told('undelivered', outcome === 'failed' ? at : undefined),
      ];
    });
  const changes = holderChanges
    .filter((change) => change.participant === participant)
    .map(({ at, former: { address } }): ParticipantEvent => ({ what: 'changed', at, address }));
  const open = proposedChange?.participant === participant && proposedChange.settled === null;
  const proposed: ParticipantEvent[] = open
    ? [
        {
          what: 'changeProposed',
          at: proposedChange.at,
          address: proposedChange.holder.person.address,
          second: person(proposedChange.second),
        },
      ]
    : [];
  const opened: ParticipantEvent[] = step?.opened
    ? [{ what: 'opened', at: step.opened.at, address: null }]
    : [];
  const consent = step?.consent;
  const consented: ParticipantEvent[] = consent
    ? [
        {
          what: consent.means === 'mail' ? 'consentedByMail' : 'consentedOnPage',
          at: consent.at,
          address: null,
        },
      ]
    : [];
  const events = [...mails, ...opened, ...changes, ...proposed, ...consented];
  return events.length > 1 || open ? events.sort((a, b) => (a.at < b.at ? -1 : 1)) : [];
}

/** Mails other than requests that came back, unless a later one of their kind was taken. */
export function undeliveredNotices(contract: Contract): StatusParams['undelivered'][number][] {
  const { deliveries } = contract;
  return deliveries.flatMap((failed, index) => {
    const who = personOf(contract, failed.recipient);
    const mended = deliveries
      .slice(index + 1)
      .some(
        ({ kind, recipient, outcome }) =>
          kind === failed.kind && recipient === failed.recipient && outcome === 'taken',
      );
    if (failed.outcome !== 'failed' || isRequest(failed) || mended || !who) return [];
    return [{ mail: failed.kind, person: person(who), at: failed.at }];
  });
}
