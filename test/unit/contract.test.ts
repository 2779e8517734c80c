/** The contract's life: the table, its guards, and what holds for every history. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Command, CommandType, DecisionContext } from '../../gateway/contract/commands.ts';
import { type Contract, heads, pastNoReturn, type State } from '../../gateway/contract/contract.ts';
import { decide, open } from '../../gateway/contract/decide.ts';
import {
  agreed,
  type ContractDocument,
  certificateHead,
  head,
  type IssuedCertificate,
} from '../../gateway/contract/documents.ts';
import { effectsOf } from '../../gateway/contract/effects.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { evolve, replay } from '../../gateway/contract/evolve.ts';
import { addDays, afterDays } from '../../gateway/contract/jst.ts';
import { isRefusal } from '../../gateway/contract/refusals.ts';
import { type Cell, transitions } from '../../gateway/contract/transitions.ts';
import { sampleDraft } from '../support/contract.ts';

const T0 = '2026-11-21T00:00:00.000Z';
const context = (now: string): DecisionContext => ({
  now,
  goAheadDelaySeconds: 300,
  draftExpiresDays: 14,
  remindDaysAfter: [],
  remindDaysBefore: [7, 3, 1],
  isDayOff: () => false,
});

/** One contract with its history, driven command by command. */
class Life {
  readonly events: Event[] = [];
  contract: Contract;
  now = T0;

  constructor(options: { checker?: boolean; documents?: number } = {}) {
    const draft = sampleDraft(options);
    const body = open(
      {
        id: 'abc',
        municipality: 'mihon',
        number: '2026-0001',
        certificateId: 'ABC',
        sourceMessageId: null,
        draft,
      },
      context(T0),
    );
    this.contract = evolve(undefined, this.note(body));
  }

  private note(body: EventBody): Event {
    const event = { ...body, seq: this.events.length + 1, at: this.now } as Event;
    this.events.push(event);
    return event;
  }

  /** The refusal's code, or undefined when the command was taken. */
  tell(command: Command): string | undefined {
    const decision = decide(this.contract, command, context(this.now));
    if (isRefusal(decision)) return decision.code;
    for (const body of decision) this.contract = evolve(this.contract, this.note(body));
    return undefined;
  }

  revision(document: string) {
    const size = 1000 + this.events.length;
    return { document, revision: { blob: `b${size}`, size, sha256: `${document}-${size}` } };
  }

  prepare(): void {
    for (const { id } of this.contract.documents) this.tell({ type: 'recordPrepared', ...this.revision(id) });
  }

  grant(index = this.contract.step) {
    const { participant, generation } = this.contract.steps[index]!;
    return { participant, generation };
  }

  consent(index = this.contract.step, changes: Partial<Extract<Command, { type: 'consent' }>> = {}) {
    return this.tell({
      type: 'consent',
      grant: this.grant(index),
      at: this.now,
      heads: heads(this.contract),
      filled: [],
      evidence: { means: 'page', ip: null, userAgent: null, message: null, authentication: null },
      ...changes,
    });
  }

  seal(attempt = this.contract.attempt): void {
    for (const { id } of this.contract.documents) {
      this.tell({ type: 'recordSealed', ...this.revision(id), attempt, timestamp: this.now });
    }
  }

  conclude(): void {
    for (const { id } of this.contract.documents)
      this.tell({ type: 'recordConcluded', ...this.revision(id) });
  }

  certify() {
    const certificate = { blob: `c${this.events.length}`, size: 9000, sha256: 'certificate' };
    return this.tell({ type: 'recordCertified', certificate });
  }

  goAhead(acknowledged = false) {
    const generation = this.contract.draftGeneration;
    return this.tell({ type: 'goAhead', grant: { participant: 'initiator', generation }, acknowledged });
  }

  get effects(): string[] {
    return this.events
      .flatMap(effectsOf)
      .map((effect) => (effect.type === 'mail' ? `${effect.mail}→${effect.recipient}` : effect.type));
  }
}

function awaiting(options?: { checker?: boolean; documents?: number }): Life {
  const life = new Life(options);
  life.goAhead();
  life.prepare();
  return life;
}

/** The table as Markdown, for people (golden file). */
function renderTransitions(): string {
  const table: Record<State, Record<CommandType, Cell>> = transitions;
  const states = Object.keys(table) as State[];
  const commands = Object.keys(table.draft) as CommandType[];
  const cell = (value: Cell): string => ('to' in value ? value.to.join(' / ') : `✗ ${value.refusal}`);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['command', ...states]),
    row(['---', ...states.map(() => '---')]),
    ...commands.map((command) => row([command, ...states.map((state) => cell(table[state][command]))])),
    '',
  ].join('\n');
}

describe('the life of a contract', () => {
  it('renders its table as the golden file says', () => {
    const golden = new URL('../golden/transitions.md', import.meta.url);
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, renderTransitions());
    expect(renderTransitions()).to.equal(readFileSync(golden, 'utf8'));
  });

  it('goes from draft to concluded and mails whom it must', () => {
    const life = awaiting({ checker: true, documents: 2 });
    expect(life.contract.state).to.equal('awaiting');
    expect(life.consent()).to.equal(undefined);
    expect(life.contract.step).to.equal(1);
    life.consent();
    expect(life.contract.state).to.equal('sealing');
    life.seal();
    expect(life.contract).to.include({ state: 'awaiting', step: 2 });
    life.consent();
    life.seal();
    expect(life.contract.state).to.equal('concluding');
    life.now = '2026-11-30T16:00:00.000Z';
    expect(life.certify()).to.equal('stale');
    life.conclude();
    expect(life.contract).to.include({ state: 'concluding', contractDate: '2026-11-21', certificate: null });
    expect(life.effects.slice(-1)).to.deep.equal(['certify']);
    expect(life.certify()).to.equal(undefined);
    expect(life.contract).to.include({ state: 'concluded', contractDate: '2026-11-21' });
    expect(life.contract.certificate?.sha256).to.equal('certificate');
    expect(life.certify()).to.equal('stale');
    expect(life.effects.filter((effect) => effect.startsWith('completed'))).to.deep.equal([
      'completed→initiator',
      'completed→step-1',
      'completed→step-2',
      'completed→step-3',
    ]);
    expect(life.effects.filter((effect) => effect === 'seal')).to.have.length(4);
  });

  it('moves on only when every document carries the signature', () => {
    const life = awaiting({ documents: 2 });
    life.consent();
    const [first] = life.contract.documents;
    const sealed = { type: 'recordSealed', ...life.revision(first!.id), attempt: 1, timestamp: T0 } as const;
    expect(life.tell(sealed)).to.equal(undefined);
    expect(life.contract.state).to.equal('sealing');
    expect(life.tell(sealed)).to.equal('stale');
  });

  it('binds a consent to the document hashes that were shown', () => {
    const life = awaiting();
    expect(life.consent(0, { heads: [{ document: 'd1', sha256: 'something else' }] })).to.equal(
      'head-changed',
    );
    expect(life.consent(0, { heads: [] })).to.equal('head-changed');
  });

  it('refuses a consent out of turn, twice, late, or from ahead of the clock', () => {
    const life = awaiting();
    expect(life.consent(1)).to.equal('not-your-turn');
    expect(life.consent(0, { at: '2026-11-21T00:05:01.000Z' })).to.equal('ahead-of-clock');
    expect(life.consent(0, { at: '2026-12-01T15:00:00.000Z' })).to.equal('expired');
    expect(life.consent(0)).to.equal(undefined);
    expect(life.consent(0)).to.equal('already-consented');
    expect(life.contract.state).to.equal('sealing');
    expect(life.consent(1), 'nobody has asked them yet').to.equal('not-your-turn');
  });

  it('takes a consent back, drops its revision and ignores its late seal', () => {
    const life = awaiting();
    const before = heads(life.contract);
    life.consent();
    const attempt = life.contract.attempt;
    expect(life.tell({ type: 'takeBack', grant: life.grant(0) })).to.equal(undefined);
    expect(life.contract).to.include({ state: 'awaiting', step: 0 });
    life.seal(attempt);
    expect(heads(life.contract)).to.deep.equal(before);
    life.consent();
    life.seal();
    const next = life.grant(1);
    expect(life.tell({ type: 'takeBack', grant: life.grant(0) })).to.equal(undefined);
    expect(heads(life.contract)).to.deep.equal(before);
    expect(life.effects).to.include('consentTakenBack→step-2');
    life.consent();
    life.seal();
    expect(life.consent(1, { grant: next })).to.equal('link-voided');
    expect(life.consent(1)).to.equal(undefined);
  });

  it('lets nothing withdraw, expire or be taken back after the last consent', () => {
    const life = awaiting();
    life.consent();
    life.seal();
    life.consent();
    life.now = '2027-01-01T00:00:00.000Z';
    expect(life.tell({ type: 'withdraw', by: 'initiator', reason: null })).to.equal('too-late-to-withdraw');
    expect(life.tell({ type: 'expire' })).to.equal('stale');
    expect(life.tell({ type: 'takeBack', grant: life.grant(1) })).to.equal('too-late-to-take-back');
  });

  it('expires at the end of the deadline’s day in Japan, not before', () => {
    const life = awaiting();
    life.now = '2026-12-01T14:59:59.000Z';
    expect(life.tell({ type: 'expire' })).to.equal('stale');
    life.now = '2026-12-01T15:00:00.000Z';
    expect(life.tell({ type: 'expire' })).to.equal(undefined);
    expect(life.contract.state).to.equal('expired');
  });

  it('expires as a draft days after the last answer, to the moment', () => {
    const life = new Life();
    expect(life.contract.expiresAt).to.equal(afterDays(T0, 14));
    life.now = afterDays(T0, 3);
    const grant = { participant: 'initiator', generation: 1 };
    life.tell({ type: 'correct', grant, draft: sampleDraft() });
    life.now = afterDays(T0, 14);
    expect(life.tell({ type: 'expire' })).to.equal('stale');
    life.now = afterDays(T0, 17);
    expect(life.tell({ type: 'expire' })).to.equal(undefined);
    expect(life.contract.state).to.equal('expired');
    expect(effectsOf(life.events.at(-1)!)).to.deep.equal([
      { type: 'mail', mail: 'draftExpired', recipient: 'initiator' },
    ]);
  });

  it('asks for 確認済 where the receipt warned', () => {
    const life = new Life();
    life.tell({
      type: 'correct',
      grant: { participant: 'initiator', generation: 1 },
      draft: { ...sampleDraft(), warnings: [{ code: 'planned-date-past', args: {} }] },
    });
    expect(life.goAhead()).to.equal('needs-confirmation');
    expect(life.goAhead(true)).to.equal(undefined);
  });

  it('refuses a go-ahead for a receipt that a correction has overtaken', () => {
    const life = new Life();
    const grant = { participant: 'initiator', generation: 1 };
    life.tell({ type: 'correct', grant, draft: sampleDraft() });
    expect(life.tell({ type: 'goAhead', grant, acknowledged: false })).to.equal('link-voided');
  });

  it('voids the link that a repeated request replaces', () => {
    const life = awaiting();
    const old = life.grant();
    life.tell({ type: 'resend', by: 'initiator' });
    expect(life.consent(0, { grant: old })).to.equal('link-voided');
  });

  it('tells those who had been asked, and nobody else, when it is declined', () => {
    const life = awaiting();
    life.tell({ type: 'decline', grant: life.grant(), reason: '金額が違います' });
    expect(life.contract.state).to.equal('declined');
    expect(life.effects.slice(-1)).to.deep.equal(['declined→initiator']);
  });

  it('reports one failure of a mail once, and none about the report', () => {
    const life = awaiting();
    const failed = {
      type: 'recordDelivery',
      mail: 'k',
      kind: 'signatureRequest',
      recipient: 'step-1',
      outcome: 'failed',
      response: '550',
    } as const;
    life.tell({ ...failed, outcome: 'taken' });
    expect(life.tell(failed)).to.equal(undefined);
    expect(life.tell(failed)).to.equal('stale');
    expect(life.effects.filter((effect) => effect.startsWith('undelivered'))).to.have.length(1);
    life.tell({ ...failed, mail: 'l', recipient: 'initiator' });
    expect(life.effects.filter((effect) => effect.startsWith('undelivered'))).to.have.length(1);
  });
});

describe('reports on a mail', () => {
  const told = (outcome: 'taken' | 'failed' | 'delayed' | 'arrived') =>
    ({
      type: 'recordDelivery',
      mail: 'k',
      kind: 'signatureRequest',
      recipient: 'step-1',
      outcome,
      response: '',
    }) as const;
  const known = (life: Life) => life.contract.deliveries.find(({ mail }) => mail === 'k')!;

  it('of a delay count once, until the recipient’s server has it; nobody is mailed', () => {
    const life = awaiting();
    life.tell(told('taken'));
    const mails = life.effects.length;
    expect(life.tell(told('delayed'))).to.equal(undefined);
    expect(life.tell(told('delayed'))).to.equal('stale');
    expect(known(life).delayedAt).to.be.a('string');
    expect(life.tell(told('arrived'))).to.equal(undefined);
    expect(life.tell(told('arrived'))).to.equal('stale');
    expect(life.tell(told('delayed'))).to.equal('stale');
    expect(known(life)).to.include({ outcome: 'taken' }).and.to.have.property('arrivedAt');
    expect(life.effects).to.have.length(mails);
  });

  it('that overtake our own note of it lose nothing, and a failure keeps when it was taken', () => {
    const life = awaiting();
    life.tell(told('arrived'));
    life.tell(told('taken'));
    expect(known(life)).to.have.property('arrivedAt');
    life.tell(told('failed'));
    expect(known(life)).to.include({ outcome: 'failed' }).and.to.have.property('takenAt');
    expect(life.tell(told('arrived'))).to.equal('stale');
  });
});

describe('a concluded contract', () => {
  const concluded = (): Life => {
    const life = new Life({ documents: 2 });
    life.goAhead();
    life.prepare();
    for (let step = 0; step < 2; step++) {
      life.consent();
      life.seal();
    }
    life.conclude();
    life.certify();
    return life;
  };
  const renewal = (of: string, size: number) => ({
    type: 'recordRenewed' as const,
    of,
    revision: { blob: `r${size}`, size, sha256: `renewed-${size}` },
  });

  it('takes renewals of its documents and its certificate, tells nobody, and means what was agreed', () => {
    const life = concluded();
    const { effects } = life;
    const before = heads(life.contract);
    const d1 = head(life.contract.documents[0]!);
    expect(life.tell({ ...renewal(d1.sha256, 20_000), document: 'd1' })).to.equal(undefined);
    expect(life.tell({ ...renewal('certificate', 20_001), document: null })).to.equal(undefined);
    expect(life.tell({ ...renewal('renewed-20001', 20_002), document: null })).to.equal(undefined);
    const { state, documents, certificate } = life.contract;
    expect(state).to.equal('concluded');
    expect(documents[0]!.revisions.at(-1)).to.include({ purpose: 'renew', sha256: 'renewed-20000' });
    expect(head(documents[0]!).size).to.equal(20_000);
    expect(agreed(documents[0]!)).to.deep.include({ size: d1.size, sha256: d1.sha256 });
    expect(heads(life.contract)).to.deep.equal(before);
    expect(certificate).to.include({ sha256: 'certificate', size: 9000 });
    expect(certificateHead(certificate!).sha256).to.equal('renewed-20002');
    expect(life.effects).to.deep.equal(effects);
    expect(replay(life.events)).to.deep.equal(life.contract);
  });

  it('takes no renewal made for another head, none that is shorter, and none of what it does not have', () => {
    const life = concluded();
    const d1 = head(life.contract.documents[0]!);
    expect(life.tell({ ...renewal('another', 20_000), document: 'd1' })).to.equal('stale');
    expect(life.tell({ ...renewal(d1.sha256, d1.size), document: 'd1' })).to.equal('stale');
    expect(life.tell({ ...renewal(d1.sha256, 20_000), document: 'd9' })).to.equal('stale');
    expect(life.tell({ ...renewal(d1.sha256, 20_000), document: null })).to.equal('stale');
    life.tell({ ...renewal(d1.sha256, 20_000), document: 'd1' });
    expect(life.tell({ ...renewal(d1.sha256, 20_001), document: 'd1' })).to.equal('stale');
  });
});

describe('any sequence of commands', () => {
  const documentOf = (life: Life, id: string) => life.contract.documents.find((one) => one.id === id);
  const headOf = (file: ContractDocument | IssuedCertificate | null | undefined) =>
    file ? ('revisions' in file ? head(file) : certificateHead(file)) : null;
  const anyGrant = fc.record({
    participant: fc.constantFrom('initiator', 'step-1', 'step-2', 'step-3', 'nobody'),
    generation: fc.integer({ min: 0, max: 4 }),
  });
  const kinds = Object.keys(transitions.draft) as Command['type'][];
  const step = fc.record({
    kind: fc.oneof(
      { weight: 9, arbitrary: fc.constant('next' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...kinds) },
    ),
    fitting: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    grant: anyGrant,
    document: fc.constantFrom('d1', 'd2'),
    hours: fc.oneof({ weight: 30, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(400) }),
    attempt: fc.integer({ min: 0, max: 5 }),
  });

  /** What brings a contract further from each state. */
  const NEXT: Record<State, Command['type']> = {
    draft: 'goAhead',
    preparing: 'recordPrepared',
    awaiting: 'consent',
    sealing: 'recordSealed',
    concluding: 'recordConcluded',
    concluded: 'recordRenewed',
    declined: 'consent',
    withdrawn: 'consent',
    expired: 'consent',
  };

  function command(
    life: Life,
    s: {
      kind: string;
      fitting: boolean;
      grant: { participant: string; generation: number };
      document: string;
      attempt: number;
    },
  ): Command {
    const last = s.kind === 'takeBack' ? Math.max(0, life.contract.step - 1) : life.contract.step;
    const owner = life.contract.state === 'draft';
    const fit = owner
      ? { participant: 'initiator', generation: life.contract.draftGeneration }
      : life.grant(last);
    const grant = s.fitting ? fit : s.grant;
    const attempt = s.fitting ? life.contract.attempt : s.attempt;
    const revised = life.revision(s.document);
    const onward =
      life.contract.contractDate === null ? NEXT[life.contract.state] : ('recordCertified' as const);
    const due = life.now >= life.contract.expiresAt ? 'expire' : onward;
    switch (s.kind === 'next' ? due : (s.kind as Command['type'])) {
      case 'correct':
        return { type: 'correct', grant, draft: sampleDraft({ checker: true, documents: 2 }) };
      case 'goAhead':
        return { type: 'goAhead', grant, acknowledged: true };
      case 'consent':
        return {
          type: 'consent',
          grant,
          at: life.now,
          heads: heads(life.contract),
          filled: [],
          evidence: { means: 'page', ip: null, userAgent: null, message: null, authentication: null },
        };
      case 'takeBack':
        return { type: 'takeBack', grant };
      case 'decline':
        return { type: 'decline', grant, reason: null };
      case 'ask':
        return { type: 'ask', grant, message: '工期について教えてください。' };
      case 'noteOpened':
        return { type: 'noteOpened', grant };
      case 'withdraw':
        return { type: 'withdraw', by: 'initiator', reason: null };
      case 'resend':
        return { type: 'resend', by: 'initiator' };
      case 'extend':
        return { type: 'extend', by: 'initiator', deadline: addDays(life.contract.deadline, s.attempt) };
      case 'remind': {
        const { step, deadline } = life.contract;
        return { type: 'remind', step, generation: grant.generation, deadline };
      }
      case 'requestLink':
        return { type: 'requestLink', participant: grant.participant };
      case 'changeHolder': {
        const { person, receiptNumber, phone, registration } = life.contract.steps[s.attempt % 3]!;
        const address = `new-${s.attempt}@sample.example.jp`;
        const holder = { person: { ...person, address }, receiptNumber, phone, registration };
        const second = s.fitting ? life.contract.steps.at(-1)!.person : null;
        return { type: 'changeHolder', participant: `step-${(s.attempt % 3) + 1}`, holder, second };
      }
      case 'settleHolderChange': {
        const generation = life.contract.proposedChange?.generation ?? 0;
        const second = { participant: 'second', generation };
        return { type: 'settleHolderChange', grant: second, agreed: s.fitting, reason: null };
      }
      case 'expire':
        return { type: 'expire' };
      case 'comeAnew':
        return { type: 'comeAnew', successor: `anew-${s.attempt}` };
      case 'recordPrepared':
        return { type: 'recordPrepared', ...revised };
      case 'recordSealed':
        return { type: 'recordSealed', ...revised, attempt, timestamp: life.now };
      case 'recordConcluded':
        return { type: 'recordConcluded', ...revised };
      case 'recordCertified':
        return { type: 'recordCertified', certificate: revised.revision };
      case 'recordRenewed': {
        const renewed = s.attempt % 2 === 0 ? life.contract.certificate : documentOf(life, s.document);
        const id = s.attempt % 2 === 0 ? null : s.document;
        const of = s.fitting ? (headOf(renewed)?.sha256 ?? '') : 'another';
        return {
          type: 'recordRenewed',
          document: id,
          of,
          revision: { ...revised.revision, size: 9000 + revised.revision.size },
        };
      }
      case 'recordDelivery':
        return {
          type: 'recordDelivery',
          mail: revised.revision.blob,
          kind: 'x',
          recipient: 'step-1',
          outcome: 'failed',
          response: '',
        };
    }
  }

  it('keeps to the table, keeps consents in order, and replays to the same contract', () => {
    const states = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const life = new Life({ checker: true, documents: 2 });
        for (const s of steps) {
          const before = life.contract;
          const told = command(life, s);
          const refusal = life.tell(told);
          life.now = new Date(Date.parse(life.now) + (s.hours * 3_600_000) / 4).toISOString();
          const cell = transitions[before.state][told.type];
          if (refusal !== undefined) {
            expect(life.contract).to.equal(before);
            continue;
          }
          expect(
            'to' in cell && cell.to.includes(life.contract.state as never),
            `${before.state} ${told.type}`,
          ).to.equal(true);
          const consents = life.contract.steps.map(({ consent }) => consent !== null);
          expect(consents).to.deep.equal([...consents].sort((a, b) => Number(b) - Number(a)));
          if (life.contract.state === 'concluded') {
            expect(consents.every(Boolean)).to.equal(true);
            expect(life.contract.certificate).to.not.equal(null);
            for (const { revisions } of life.contract.documents) {
              const purposes = revisions.map(({ purpose }) => purpose).join(' ');
              expect(purposes).to.match(/^prepare consent consent conclude( renew)*$/);
            }
          }
          if (pastNoReturn(before))
            expect(['sealing', 'concluding', 'concluded']).to.include(life.contract.state);
          states.add(life.contract.state);
        }
        expect(replay(life.events)).to.deep.equal(life.contract);
      }),
      { numRuns: 800, seed: 20_261_121 },
    );
    // The walk must have been everywhere, or it proves nothing.
    expect([...states].sort()).to.deep.equal(Object.keys(transitions).sort());
  });
});
