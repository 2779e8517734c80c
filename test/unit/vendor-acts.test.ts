/** What a participant does besides consenting: asking, opening the link, wishing for paper; and what 状況 tells of it. */
import { expect } from 'chai';
import type { Command } from '../../gateway/contract/commands.ts';
import { type Contract, heads } from '../../gateway/contract/contract.ts';
import { decide, open } from '../../gateway/contract/decide.ts';
import { effectsOf } from '../../gateway/contract/effects.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { evolve } from '../../gateway/contract/evolve.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { historyOf } from '../../gateway/mail/status-facts.ts';
import { sampleDraft } from '../support/contract.ts';

const CONTEXT = {
  now: '2026-11-21T03:00:00.000Z',
  goAheadDelaySeconds: 0,
  draftExpiresDays: 14,
  remindDaysAfter: [],
  remindDaysBefore: [],
  isDayOff: () => false,
};
const QUESTION = '工期について教えてください。';

class Story {
  contract: Contract;
  readonly events: Event[] = [];

  constructor() {
    const ids = { id: 'abc', municipality: 'mihon', number: '2026-0001', certificateId: 'ABCD' };
    const opening = { ...ids, sourceMessageId: null, draft: sampleDraft({ checker: true }) };
    this.contract = evolve(undefined, this.note(open(opening, CONTEXT)));
    this.tell({
      type: 'goAhead',
      grant: { participant: 'initiator', generation: 1 },
      acknowledged: false,
    });
    const revision = { blob: 'b', size: 1000, sha256: 'prepared' };
    this.tell({ type: 'recordPrepared', document: 'd1', revision });
  }

  /** Codes of refusals; undefined when the command was taken. */
  tell(command: Command): string | undefined {
    const decision = decide(this.contract, command, CONTEXT);
    if (isRefusal(decision)) return decision.code;
    for (const body of decision) this.contract = evolve(this.contract, this.note(body));
    return undefined;
  }

  grant(step: number): { participant: string; generation: number } {
    const { participant, generation } = this.contract.steps[step]!;
    return { participant, generation };
  }

  note(body: EventBody): Event {
    const event: Event = { ...body, seq: this.events.length + 1, at: CONTEXT.now };
    this.events.push(event);
    return event;
  }
}

describe('a question from the page', () => {
  it('is mailed to the initiator, kept with its contract, and moves nothing', () => {
    const story = new Story();
    expect(story.tell({ type: 'ask', grant: story.grant(0), message: QUESTION })).to.equal(undefined);
    const { seq, type } = story.events.at(-1)!;
    expect(type).to.equal('QuestionAsked');
    expect(effectsOf(story.events.at(-1)!)).to.deep.equal([
      { type: 'mail', mail: 'question', recipient: 'initiator', about: String(seq) },
    ]);
    const asked = { seq, participant: 'step-1', at: CONTEXT.now, message: QUESTION };
    expect(story.contract.questions).to.deep.equal([asked]);
    expect(story.contract).to.include({ state: 'awaiting', step: 0 });
  });

  it('may follow a consent, but comes neither from a void link nor from somebody without a step', () => {
    const story = new Story();
    const old = story.grant(0);
    story.tell({ type: 'resend', by: 'initiator' });
    expect(story.tell({ type: 'ask', grant: old, message: QUESTION })).to.equal('link-voided');
    const observer = { participant: 'observer-1', generation: 1 };
    expect(story.tell({ type: 'ask', grant: observer, message: QUESTION })).to.equal('not-your-turn');
    const checker = story.grant(0);
    story.tell({
      type: 'consent',
      grant: checker,
      at: CONTEXT.now,
      heads: heads(story.contract),
      filled: [],
      evidence: { means: 'page', ip: null, userAgent: null, message: null, authentication: null },
    });
    expect(story.contract.step).to.equal(1);
    expect(story.tell({ type: 'ask', grant: checker, message: QUESTION })).to.equal(undefined);
  });
});

describe('a link that a person opens', () => {
  it('is noted once for each of its generations, and told in 状況', () => {
    const story = new Story();
    story.tell({
      type: 'recordDelivery',
      mail: 'k',
      kind: 'checkRequest',
      recipient: 'step-1',
      outcome: 'taken',
      response: '250',
    });
    expect(historyOf(story.contract, 'step-1')).to.deep.equal([]);
    expect(story.tell({ type: 'noteOpened', grant: story.grant(0) })).to.equal(undefined);
    expect(story.tell({ type: 'noteOpened', grant: story.grant(0) })).to.equal('stale');
    expect(historyOf(story.contract, 'step-1').map(({ what }) => what)).to.deep.equal(['mailed', 'opened']);
    const former = story.grant(0);
    story.tell({ type: 'resend', by: 'initiator' });
    expect(story.tell({ type: 'noteOpened', grant: former })).to.equal('link-voided');
    expect(story.tell({ type: 'noteOpened', grant: story.grant(0) })).to.equal(undefined);
    expect(story.tell({ type: 'noteOpened', grant: story.grant(1) })).to.equal('not-your-turn');
    expect(effectsOf(story.events.at(-1)!)).to.deep.equal([]);
  });
});

describe('the wish for a contract on paper', () => {
  it('ends the contract as declined, with the wish kept apart from a reason', () => {
    const story = new Story();
    story.tell({ type: 'decline', grant: story.grant(0), reason: null, paper: true });
    expect(story.contract.state).to.equal('declined');
    expect(story.contract.ending).to.deep.equal({
      at: CONTEXT.now,
      by: 'step-1',
      reason: null,
      paper: true,
    });
    expect(story.tell({ type: 'ask', grant: story.grant(0), message: QUESTION })).to.equal('declined');
  });
});
