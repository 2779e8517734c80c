/** Boxes in the contract's core (R27): what may stand in them, who fills them, and histories from before there were any. */
import { expect } from 'chai';
import { decodeEvent, EVENT_VERSION, encodeEvent } from '../../gateway/app/canonical.ts';
import { upcastContract } from '../../gateway/app/upcast.ts';
import type { Box, FilledBox } from '../../gateway/contract/boxes.ts';
import { filledRows, fillingProblems, fillingStep } from '../../gateway/contract/boxes.ts';
import type { Command } from '../../gateway/contract/commands.ts';
import { type Contract, heads } from '../../gateway/contract/contract.ts';
import { decide } from '../../gateway/contract/decide.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { sampleDraft } from '../support/contract.ts';

const AT = '2026-11-22T01:00:00.000Z';
const TEXT: Box = {
  name: 'address',
  kind: 'text',
  label: '住所',
  required: true,
  multiline: false,
  maxLength: 10,
  options: [],
  value: '',
  page: 1,
  rect: [0, 0, 100, 20],
};
const NOTE: Box = { ...TEXT, name: 'note', label: '備考', required: false, multiline: true, maxLength: null };
const TAX: Box = {
  ...TEXT,
  name: 'tax',
  kind: 'choice',
  label: '別',
  options: [
    { value: '1', label: '課税' },
    { value: '2', label: '免税' },
  ],
};
const CHECK: Box = { ...TEXT, name: 'seen', kind: 'check', options: [{ value: 'Yes', label: 'Yes' }] };
const FORM = [{ id: 'd1', name: '契約書', boxes: [TEXT, NOTE, TAX, CHECK] }];

function box(name: string, value: string): FilledBox {
  return { document: 'd1', name, value };
}
const RIGHT = [box('address', '見本市一丁目'), box('tax', '2'), box('seen', 'Yes')];

function codes(...filled: FilledBox[]): string[] {
  return fillingProblems(FORM, filled).map(({ name, code }) => `${name} ${code}`);
}

describe('what stands in a box', () => {
  it('is what the form allows', () => {
    expect(codes(...RIGHT, box('note', '一行目\n二行目'))).to.deep.equal([]);
    expect(codes()).to.deep.equal(['address missing', 'tax missing', 'seen missing']);
    expect(codes(...RIGHT.slice(1), box('address', '見本市一丁目二番地三号'))).to.deep.equal([
      'address too-long',
    ]);
    // Ten characters, though twenty UTF-16 units.
    expect(codes(...RIGHT.slice(1), box('address', '𠮷'.repeat(10)))).to.deep.equal([]);
    expect(codes(RIGHT[0]!, RIGHT[2]!, box('tax', '3'))).to.deep.equal(['tax not-an-option']);
    expect(codes(RIGHT[0]!, RIGHT[1]!, box('seen', 'On'))).to.deep.equal(['seen not-an-option']);
  });

  it('has no controls, torn characters or marks that turn the text around it', () => {
    for (const bad of ['a\nb', 'a\u0000', 'a\u202eb', '\ud842', 'a\u2028']) {
      expect(codes(...RIGHT.slice(1), box('address', bad)), JSON.stringify(bad)).to.deep.equal([
        'address bad-character',
      ]);
    }
    expect(codes(...RIGHT, box('note', 'a\tb'))).to.deep.equal(['note bad-character']);
  });

  it('belongs to a box that is there, once', () => {
    expect(codes(...RIGHT, box('other', 'x'))).to.deep.equal(['other unknown']);
    expect(codes(...RIGHT, box('address', '別の値'))).to.deep.equal(['address unknown']);
    expect(codes(...RIGHT, { ...box('address', 'x'), document: 'd2' })).to.deep.equal(['address unknown']);
  });

  it('is shown as a reader knows it, open boxes left out', () => {
    expect(filledRows(FORM, [...RIGHT, box('note', '')])).to.deep.equal([
      { document: '契約書', label: '住所', value: '見本市一丁目' },
      { document: '契約書', label: '別', value: '免税' },
      { document: '契約書', label: '住所', value: null },
    ]);
  });

  it('is written by the first to sign, whoever looks before', () => {
    const steps = ['checker', 'signatory', 'signatory', 'approver'].map((role) => ({ role }));
    expect(fillingStep(steps)).to.equal(1);
    expect(fillingStep([{ role: 'approver' }])).to.equal(-1);
  });
});

describe('a consent with boxes', () => {
  const draft = sampleDraft({ checker: true });
  const revision = { blob: 'b', size: 600, sha256: 'prepared', purpose: 'prepare', step: null } as const;
  const bodies: EventBody[] = [
    {
      type: 'ContractDrafted',
      id: 'abc',
      municipality: 'mihon',
      number: '2026-0001',
      certificateId: 'ABCD',
      sourceMessageId: null,
      draft: { ...draft, documents: draft.documents.map((one) => ({ ...one, boxes: FORM[0]!.boxes })) },
      expiresAt: AT,
    },
    { type: 'GoAheadGiven', releaseAt: AT, expiresAt: '2026-12-01T15:00:00.000Z', documents: ['d1'] },
    { type: 'DocumentPrepared', document: 'd1', revision },
  ];
  const opened = (step: number): EventBody => ({
    type: 'StepOpened',
    step,
    participant: `step-${step + 1}`,
    role: draft.steps[step]!.role,
    generation: 1,
    occasion: 'first',
    deadline: '2026-12-01',
    reminders: [],
  });
  const at = (step: number): Contract =>
    replay([...bodies, opened(step)].map((body, index): Event => ({ ...body, seq: index + 1, at: AT })))!;
  const given = (contract: Contract, step: number, filled: readonly FilledBox[]) => {
    const evidence = {
      means: 'page',
      ip: null,
      userAgent: null,
      message: null,
      authentication: null,
    } as const;
    const command: Command = {
      type: 'consent',
      grant: { participant: `step-${step + 1}`, generation: 1 },
      at: AT,
      heads: heads(contract),
      filled,
      evidence,
    };
    const context = {
      now: AT,
      goAheadDelaySeconds: 0,
      draftExpiresDays: 14,
      remindDaysBefore: [],
      remindDaysAfter: [],
      isDayOff: () => false,
    };
    const decision = decide(contract, command, context);
    return isRefusal(decision) ? decision.code : decision;
  };

  it('carries the values of the first signatory into the history', () => {
    const events = given(at(1), 1, RIGHT);
    expect(events).to.be.an('array');
    expect((events as EventBody[])[0]).to.deep.include({ type: 'ConsentGiven', filled: RIGHT });
  });

  it('is refused while a box is not right, and from whoever has none to fill', () => {
    expect(given(at(1), 1, [])).to.equal('boxes-not-right');
    expect(given(at(0), 0, RIGHT)).to.equal('boxes-not-right');
    expect(given(at(0), 0, [])).to.be.an('array');
    expect(given(at(2), 2, RIGHT)).to.equal('boxes-not-right');
  });
});

describe('what was stored before there were boxes', () => {
  const KEY = Buffer.alloc(32, 5);
  /** The event as version 1 wrote it. */
  function old(event: Event): Event {
    const text = encodeEvent(event, 'abc', KEY).toString('utf8').replace(`"v":${EVENT_VERSION}`, '"v":1');
    return decodeEvent(Buffer.from(text), 'abc', event.seq, KEY);
  }
  const draft = sampleDraft();
  const documents = draft.documents.map(({ boxes: _, ...document }) => document);

  it('has none in its drafts, consents and rows', () => {
    const drafted = { type: 'DraftCorrected', draft: { ...draft, documents }, expiresAt: AT, seq: 2, at: AT };
    const read = old(drafted as unknown as Event) as Extract<Event, { type: 'DraftCorrected' }>;
    expect(read.draft.documents[0]!.boxes).to.deep.equal([]);
    const consent = { type: 'ConsentGiven', step: 0, heads: [], seals: [], seq: 3, at: AT };
    expect(old(consent as unknown as Event)).to.deep.include({ filled: [] });
    const row = {
      documents,
      warnings: ['planned-date-past'],
      steps: [{ consent: { at: AT, means: 'page', heads: [] } }, { consent: null }],
    };
    const contract = upcastContract(row as unknown as Contract);
    expect(contract.documents[0]!.boxes).to.deep.equal([]);
    expect(contract.warnings, 'once codes and no more').to.deep.equal([
      { code: 'planned-date-past', args: {} },
    ]);
    expect(contract.steps.map(({ consent }) => consent?.filled ?? null)).to.deep.equal([[], null]);
  });

  it('is read as it is where it says more', () => {
    const event = {
      type: 'HolderReminded',
      step: 0,
      participant: 'step-1',
      role: 'signatory',
      seq: 4,
      at: AT,
    };
    expect(old(event as Event)).to.deep.equal(event);
  });
});
