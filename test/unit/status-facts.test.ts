// What 状況 tells of each participant: mails, bounces, changes of address and consent, as they came.
import { expect } from 'chai';
import type { Contract, Delivery } from '../../gateway/contract/contract.ts';
import { historyOf, undeliveredNotices } from '../../gateway/mail/status-facts.ts';
import { sampleDraft } from '../support/contract.ts';

const at = (hour: number): string => `2026-11-24T0${hour}:00:00.000Z`;
const mail = (kind: string, hour: number, outcome: Delivery['outcome'] = 'taken'): Delivery => ({
  mail: `${kind}-${hour}`,
  kind,
  recipient: 'step-1',
  outcome,
  at: at(hour),
  response: '',
});

function contract(changes: Partial<Contract>): Contract {
  const draft = sampleDraft();
  const steps = draft.steps.map((step) => ({ ...step, generation: 1, consent: null }));
  const nothing = { deliveries: [], holderChanges: [], proposedChange: null };
  return { ...draft, ...nothing, steps, ...changes } as unknown as Contract;
}

describe('the history in 状況', () => {
  it('is told once there is more than where somebody stands', () => {
    const deliveries = [mail('signatureRequest', 1), mail('receipt', 2)];
    expect(historyOf(contract({ deliveries }), 'step-1')).to.deep.equal([]);
    const reminded = contract({ deliveries: [...deliveries, mail('signatureRequest', 3)] });
    expect(historyOf(reminded, 'step-1').map(({ what }) => what)).to.deep.equal(['mailed', 'mailedAgain']);
    expect(historyOf(reminded, 'step-2')).to.deep.equal([]);
  });

  it('tells when a mail was sent, delayed, taken by the other server, or came back', () => {
    const sent: Delivery = { ...mail('signatureRequest', 1), delayedAt: at(2), arrivedAt: at(3) };
    const back: Delivery = { ...mail('signatureRequest', 6, 'failed'), takenAt: at(5) };
    const told = historyOf(contract({ deliveries: [sent, back] }), 'step-1');
    expect(told.map((event) => `${event.what} ${String(event.at).slice(12, 13)}`)).to.deep.equal([
      'mailed 1',
      'delayed 2',
      'arrived 3',
      'mailedAgain 5',
      'undelivered 6',
    ]);
  });

  it('tells of a new address that somebody still has to agree to, even before any mail', () => {
    const second = { name: '田中', address: 'tanaka@mihon.example.jp', title: null, company: null };
    const holder = { person: { ...second, address: 'new@sample.example.jp' } };
    const proposedChange = { participant: 'step-1', second, holder, settled: null, at: at(1) } as never;
    expect(historyOf(contract({ proposedChange }), 'step-1')).to.deep.equal([
      {
        what: 'changeProposed',
        at: at(1),
        address: 'new@sample.example.jp',
        second: { organisation: null, title: null, name: '田中', address: 'tanaka@mihon.example.jp' },
      },
    ]);
  });

  it('puts bounces, changes of address and consent in the order of time', () => {
    const [signatory, approver] = contract({}).steps;
    const holder = { ...signatory!.person, address: 'new@sample.example.jp' };
    const consent = { at: at(5), means: 'page', heads: [], filled: [] } as const;
    const known = contract({
      deliveries: [mail('signatureRequest', 1, 'failed'), mail('signatureRequest', 4)],
      holderChanges: [
        { participant: 'step-1', former: signatory!.person, holder, at: at(3), confirmedBy: null },
      ],
      steps: [{ ...signatory!, consent }, approver!],
    });
    expect(historyOf(known, 'step-1')).to.deep.equal([
      { what: 'undelivered', at: at(1), address: null },
      { what: 'changed', at: at(3), address: 'yamada@sample.example.jp' },
      { what: 'mailedAgain', at: at(4), address: null },
      { what: 'consentedOnPage', at: at(5), address: null },
    ]);
  });

  it('names other mails that came back, unless a later one of their kind was taken', () => {
    const deliveries = [
      mail('signatureRequest', 1, 'failed'),
      mail('completed', 2, 'failed'),
      mail('consentRecorded', 3, 'failed'),
      mail('completed', 4),
      { ...mail('holderChangeRequest', 5, 'failed'), recipient: 'second' },
    ];
    const second = { name: '田中', address: 'tanaka@mihon.example.jp', title: null, company: null };
    const proposedChange = { participant: 'step-1', second, settled: null, at: at(5) } as never;
    expect(
      undeliveredNotices(contract({ deliveries, proposedChange })).map(({ mail }) => mail),
    ).to.deep.equal(['consentRecorded', 'holderChangeRequest']);
  });
});
