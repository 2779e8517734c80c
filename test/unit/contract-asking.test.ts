// Asking again: reminders counted in days of Japan, extensions, and who may have a fresh link sent (R15, R24, R36).
import { expect } from 'chai';
import { linkFor } from '../../gateway/contract/asking.ts';
import type { Command } from '../../gateway/contract/commands.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import { decide, open } from '../../gateway/contract/decide.ts';
import { effectsOf } from '../../gateway/contract/effects.ts';
import type { EventBody } from '../../gateway/contract/events.ts';
import { evolve } from '../../gateway/contract/evolve.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { sampleDraft } from '../support/contract.ts';

const context = (
  now: string,
  remindDaysBefore: readonly number[] = [7, 3, 1],
  remindDaysAfter: readonly number[] = [],
  isDayOff: (date: string) => boolean = () => false,
) => ({
  now,
  goAheadDelaySeconds: 0,
  draftExpiresDays: 14,
  remindDaysBefore,
  remindDaysAfter,
  isDayOff,
});
const START = '2026-11-21T00:00:00.000Z';

/** The contract after these events, and the last of them. */
function grown(contract: Contract | undefined, bodies: readonly EventBody[], at: string): Contract {
  return bodies.reduce<Contract | undefined>(
    (known, body) => evolve(known, { ...body, seq: (known?.seq ?? 0) + 1, at }),
    contract,
  )!;
}

function told(contract: Contract, command: Command, now: string, days?: readonly number[]): EventBody[] {
  const decision = decide(contract, command, context(now, days));
  if (isRefusal(decision)) throw new Error(`refused: ${decision.code}`);
  return [...decision];
}

function refusal(contract: Contract, command: Command, now: string): string | undefined {
  const decision = decide(contract, command, context(now));
  return isRefusal(decision) ? decision.code : undefined;
}

/** Prepared at `now`: the events that lead to the first request, and the contract then. The deadline is 2026-12-01. */
function asked(now: string, days?: readonly number[]): { contract: Contract; opened: EventBody } {
  const opening = {
    id: 'abc',
    municipality: 'mihon',
    number: '2026-0001',
    certificateId: 'ABC',
    sourceMessageId: null,
    draft: sampleDraft(),
  };
  let contract = grown(undefined, [open(opening, context(START))], START);
  const grant = { participant: 'initiator', generation: 1 };
  contract = grown(contract, told(contract, { type: 'goAhead', grant, acknowledged: true }, START), START);
  const prepared: Command = {
    type: 'recordPrepared',
    document: 'd1',
    revision: { blob: 'b', size: 600, sha256: 'prepared' },
  };
  const events = told(contract, prepared, now, days);
  return { contract: grown(contract, events, now), opened: events.at(-1)! };
}

describe('asking', () => {
  const reminders = (event: EventBody): string[] =>
    effectsOf({ ...event, seq: 1, at: START }).flatMap((effect) =>
      effect.type === 'remind' ? [effect.notBefore] : [],
    );

  it('reminds at nine in Japan, so many days before the deadline', () => {
    expect(reminders(asked(START).opened)).to.deep.equal([
      '2026-11-24T00:00:00.000Z',
      '2026-11-28T00:00:00.000Z',
      '2026-11-30T00:00:00.000Z',
    ]);
    expect(reminders(asked(START, []).opened)).to.deep.equal([]);
    expect(reminders(asked(START, [3, 3]).opened), 'a day named twice counts once').to.have.length(1);
  });

  it('leaves out reminders that are past or would follow the request within a day', () => {
    expect(reminders(asked('2026-11-27T00:00:01.000Z').opened)).to.deep.equal(['2026-11-30T00:00:00.000Z']);
    expect(reminders(asked('2026-11-27T00:00:00.000Z').opened)).to.have.length(2);
    expect(reminders(asked('2026-12-01T05:00:00.000Z').opened)).to.deep.equal([]);
  });

  /** The sample's contract with this deadline and planned day; its first request leaves at START, 2026-11-21 9:00 in Japan. */
  function mornings(
    {
      deadline,
      planned,
      role = 'signatory',
    }: { deadline: string; planned: string | null; role?: 'signatory' | 'approver' },
    before: readonly number[],
    after: readonly number[],
    isDayOff: (date: string) => boolean = () => false,
  ): string[] {
    const { contract } = asked(START);
    const [first, ...others] = contract.steps;
    const changed: Contract = {
      ...contract,
      deadline,
      expiresAt: `${deadline}T15:00:00.000Z`,
      terms: { ...contract.terms, plannedDate: planned },
      steps: [{ ...first!, role }, ...others],
    };
    const events = decide(
      changed,
      { type: 'resend', by: 'initiator' },
      context(START, before, after, isDayOff),
    );
    if (isRefusal(events)) throw new Error(events.code);
    return reminders(events[0]!).map((at) => at.slice(0, 10));
  }

  it('reminds so many days after the request, too, until the last day', () => {
    const open = { deadline: '2026-12-31', planned: null };
    expect(mornings(open, [3], [7, 14, 21])).to.deep.equal([
      '2026-11-28',
      '2026-12-05',
      '2026-12-12',
      '2026-12-28',
    ]);
    expect(mornings({ ...open, deadline: '2026-12-05' }, [], [7, 14, 21])).to.deep.equal([
      '2026-11-28',
      '2026-12-05',
    ]);
    expect(mornings({ ...open, deadline: '2026-12-01' }, [3], [7]), 'one mail a morning').to.deep.equal([
      '2026-11-28',
    ]);
  });

  it('counts back from the planned day for the vendor, from the deadline for the approver (R15)', () => {
    const both = { deadline: '2026-12-20', planned: '2026-12-10' };
    expect(mornings(both, [3], [])).to.deep.equal(['2026-12-07']);
    expect(mornings({ ...both, role: 'approver' }, [3], [])).to.deep.equal(['2026-12-17']);
    expect(mornings({ ...both, planned: '2026-11-01' }, [3], []), 'a day that is past').to.deep.equal([
      '2026-12-17',
    ]);
  });

  it('writes on working days only: after the day off, and before it where a last day comes', () => {
    const off = (date: string): boolean => ['2026-11-28', '2026-11-29', '2026-12-28'].includes(date);
    expect(mornings({ deadline: '2026-12-31', planned: null }, [3], [7], off)).to.deep.equal([
      '2026-11-30',
      '2026-12-27',
    ]);
  });

  it('drops a reminder once step, links or deadline have moved on, or the deadline has come', () => {
    const { contract } = asked(START);
    const due = { type: 'remind', step: 0, generation: 1, deadline: '2026-12-01' } as const;
    const now = '2026-11-24T00:00:00.000Z';
    expect(told(contract, due, now)).to.deep.equal([
      { type: 'HolderReminded', step: 0, participant: 'step-1', role: 'signatory' },
    ]);
    expect(refusal(contract, { ...due, generation: 2 }, now)).to.equal('stale');
    expect(refusal(contract, { ...due, step: 1 }, now)).to.equal('stale');
    expect(refusal(contract, { ...due, step: 9 }, now)).to.equal('stale');
    expect(refusal(contract, { ...due, deadline: '2026-12-10' }, now)).to.equal('stale');
    expect(refusal(contract, due, '2026-12-01T15:00:00.000Z')).to.equal('stale');
  });

  it('extends to a later day only, while there is time, and keeps everybody’s links', () => {
    const { contract } = asked(START);
    const extend = (deadline: string) => ({ type: 'extend', by: 'initiator', deadline }) as const;
    expect(refusal(contract, extend('2026-12-01'), START)).to.equal('not-later');
    expect(refusal(contract, extend('2026-12-02'), '2026-12-01T15:00:00.000Z')).to.equal('expired');
    const events = told(contract, extend('2026-12-10'), START);
    const extended = grown(contract, events, START);
    expect(extended).to.include({ deadline: '2026-12-10', expiresAt: '2026-12-10T15:00:00.000Z' });
    expect(extended.steps).to.deep.equal(contract.steps);
    expect(reminders(events[0]!)).to.have.length(3);
    expect(refusal(extended, { type: 'expire' }, '2026-12-01T15:00:00.000Z')).to.equal('stale');
    expect(refusal(extended, { type: 'expire' }, '2026-12-10T15:00:00.000Z')).to.equal(undefined);
  });

  it('sends a fresh link to whose turn it is, as long as the deadline has not come', () => {
    const { contract } = asked(START);
    const request = { type: 'requestLink', participant: 'step-1' } as const;
    const opened = grown(contract, told(contract, request, START), START);
    expect(opened.steps[0]!.generation).to.equal(2);
    expect(refusal(contract, request, '2026-12-01T15:00:00.000Z')).to.equal('expired');
    for (const participant of ['step-2', 'initiator', 'nobody']) {
      expect(linkFor(contract, participant, START), participant).to.equal('not-your-turn');
    }
    const [declined] = told(
      contract,
      { type: 'decline', grant: { participant: 'step-1', generation: 1 }, reason: null },
      START,
    );
    const over = grown(contract, [declined!], START);
    expect(refusal(over, request, START)).to.equal('declined');
    expect(linkFor(over, 'step-1', START)).to.not.be.oneOf(['consent', 'download']);
  });
});
