// 宛先変更 in the core: who may take a step over, who has to agree, and what loses its force (R4, R9).
import { expect } from 'chai';
import type { Command } from '../../gateway/contract/commands.ts';
import { type Contract, type NewHolder, personOf } from '../../gateway/contract/contract.ts';
import { decide, open } from '../../gateway/contract/decide.ts';
import { effectsOf } from '../../gateway/contract/effects.ts';
import type { EventBody } from '../../gateway/contract/events.ts';
import { evolve } from '../../gateway/contract/evolve.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { sampleDraft } from '../support/contract.ts';

const NOW = '2026-11-21T00:00:00.000Z';
const context = {
  now: NOW,
  goAheadDelaySeconds: 0,
  draftExpiresDays: 14,
  remindDaysBefore: [],
  remindDaysAfter: [],
  isDayOff: () => false,
};

function grown(contract: Contract | undefined, bodies: readonly EventBody[]): Contract {
  return bodies.reduce<Contract | undefined>(
    (known, body) => evolve(known, { ...body, seq: (known?.seq ?? 0) + 1, at: NOW }),
    contract,
  )!;
}

function told(contract: Contract, command: Command): { events: readonly EventBody[]; after: Contract } {
  const events = decide(contract, command, context);
  if (isRefusal(events)) throw new Error(`refused: ${events.code}`);
  return { events, after: grown(contract, events) };
}

function refusal(contract: Contract, command: Command, now = NOW): string | undefined {
  const decision = decide(contract, command, { ...context, now });
  return isRefusal(decision) ? decision.code : undefined;
}

/** With a checker (step-1) who has been asked, a signatory (step-2) and an approver (step-3). */
function asked(): Contract {
  const opening = { id: 'abc', municipality: 'mihon', number: '2026-0001', certificateId: 'ABC' };
  const draft = sampleDraft({ checker: true });
  const drafted = grown(undefined, [open({ ...opening, sourceMessageId: null, draft }, context)]);
  const grant = { participant: 'initiator', generation: 1 };
  const released = told(drafted, { type: 'goAhead', grant, acknowledged: true }).after;
  const revision = { blob: 'b', size: 600, sha256: 'prepared' };
  return told(released, { type: 'recordPrepared', document: 'd1', revision }).after;
}

function holderAt(address: string, registration: NewHolder['registration'] = null): NewHolder {
  const { person, receiptNumber, phone } = sampleDraft({ checker: true }).steps[1]!;
  return { person: { ...person, address }, receiptNumber, phone, registration };
}

const second = { name: '伊藤', address: 'ito@mihon.example.jp', title: null, company: null };
const change = (participant: string, holder: NewHolder, by: typeof second | null = null): Command => ({
  type: 'changeHolder',
  participant,
  holder,
  second: by,
});
const mails = (event: EventBody): string[] =>
  effectsOf({ ...event, seq: 9, at: NOW }).map((effect) =>
    effect.type === 'mail' ? `${effect.mail}:${effect.recipient}` : effect.type,
  );

describe('a change of address', () => {
  it('to a registered address takes place at once, tells everybody, and asks anew with links of a new generation', () => {
    const before = asked();
    const registered = holderAt('new@sample.example.jp', 'registered');
    const { events, after } = told(before, change('step-1', registered));
    expect(events.map(({ type }) => type)).to.deep.equal(['HolderChanged', 'StepOpened']);
    expect(mails(events[0]!)).to.deep.equal(
      ['initiator', 'former-1', 'step-1', 'step-2', 'step-3'].map((id) => `holderChanged:${id}`),
    );
    expect(after.steps[0]!.person.address).to.equal('new@sample.example.jp');
    expect(after.steps[0]!.generation).to.equal(before.steps[0]!.generation + 1);
    expect(personOf(after, 'former-1')?.address).to.equal('takahashi@sample.example.jp');
    const old = { participant: 'step-1', generation: before.steps[0]!.generation };
    expect(refusal(after, { type: 'decline', grant: old, reason: null })).to.equal('link-voided');
  });

  it('of somebody who has not been asked yet opens nothing', () => {
    const { events, after } = told(asked(), change('step-2', holderAt('new@sample.example.jp', 'confirmed')));
    expect(events.map(({ type }) => type)).to.deep.equal(['HolderChanged']);
    expect(after.steps[1]).to.include({ generation: 0 });
    expect(after).to.include({ state: 'awaiting', step: 0 });
  });

  it('to any other address waits for the second person, whose mail alone counts', () => {
    const { events, after: waiting } = told(asked(), change('step-1', holderAt('new@x.example.jp'), second));
    expect(mails(events[0]!)).to.deep.equal(['holderChangeRequest:second']);
    expect(waiting.steps[0]!.person.address).to.equal('takahashi@sample.example.jp');
    const generation = waiting.proposedChange!.generation;
    const answer = (participant: string, of: number, agreed = true): Command => ({
      type: 'settleHolderChange',
      grant: { participant, generation: of },
      agreed,
      reason: null,
    });
    expect(refusal(waiting, answer('step-3', generation))).to.equal('link-voided');
    expect(refusal(waiting, answer('second', generation - 1))).to.equal('link-voided');
    const { after } = told(waiting, answer('second', generation));
    expect(after.steps[0]!.person.address).to.equal('new@x.example.jp');
    expect(after.holderChanges[0]!.confirmedBy).to.deep.equal(second);
    expect(refusal(after, answer('second', generation))).to.equal('nothing-proposed');

    const rejected = told(waiting, answer('second', generation, false));
    expect(mails(rejected.events[0]!)).to.deep.equal(['holderChangeRejected:initiator']);
    expect(rejected.after.steps).to.deep.equal(waiting.steps);
    expect(refusal(rejected.after, answer('second', generation))).to.equal('nothing-proposed');
  });

  it('is refused where it would give one mailbox two parts, to staff, without a second person, or too late', () => {
    const contract = asked();
    const fresh = holderAt('new@sample.example.jp', 'registered');
    for (const address of ['yamada@sample.example.jp', 'suzuki@mihon.example.jp', 'sato@mihon.example.jp']) {
      expect(refusal(contract, change('step-1', holderAt(address, 'registered')))).to.equal('address-in-use');
    }
    expect(refusal(contract, change('step-3', fresh))).to.equal('not-the-vendors');
    expect(refusal(contract, change('nobody', fresh))).to.equal('not-the-vendors');
    expect(refusal(contract, change('step-1', holderAt('new@x.example.jp')))).to.equal(
      'second-person-needed',
    );
    const initiator = { ...second, address: 'sato@mihon.example.jp' };
    expect(refusal(contract, change('step-1', holderAt('new@x.example.jp'), initiator))).to.equal(
      'second-person-needed',
    );
    expect(refusal(contract, change('step-1', fresh), '2026-12-01T15:00:00.000Z')).to.equal('expired');
    const withdrawn = told(contract, { type: 'withdraw', by: 'initiator', reason: null }).after;
    expect(refusal(withdrawn, change('step-1', fresh))).to.equal('withdrawn');
  });

  it('tells nobody when the mail to a former address comes back', () => {
    const failed = { type: 'MailFailed', mail: 'm', kind: 'holderChanged', response: '550' } as const;
    expect(mails({ ...failed, recipient: 'former-1' })).to.deep.equal([]);
    expect(mails({ ...failed, recipient: 'step-1' })).to.deep.equal(['undelivered:initiator']);
  });
});
