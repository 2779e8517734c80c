// The form in the mail about a contract's end: every line of it is read again as it was meant.
import { expect } from 'chai';
import { type Contract, type Draft, mayComeAnew } from '../../gateway/contract/contract.ts';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { filledForm } from '../../gateway/mail/form-facts.ts';
import { filledForm as formLines } from '../../templates/mails/contract-form.ts';
import { sampleDraft } from '../support/contract.ts';

function formIn(draft: Draft, now = '2026-11-28T01:00:00.000Z'): string {
  return formLines(filledForm({ contract: draft as unknown as Contract, now }), '見本市').join('\n');
}

describe('the form that a contract comes back with', () => {
  it('is read again as everything that was written, without a problem', () => {
    const base = sampleDraft({ checker: true, documents: 2 });
    const [checker, signatory, approver] = base.steps;
    const partner = { ...signatory!.person, name: '田中三郎', address: 'tanaka@partner.example.jp' };
    const read = readContractMail(
      '',
      formIn({
        ...base,
        kind: 'unitPrice',
        steps: [checker!, signatory!, { ...signatory!, person: partner }, approver!],
        observers: [{ name: '伊藤', address: 'ito@mihon.example.jp', title: '主査', company: null }],
        deadline: '2026-12-20',
        terms: {
          ...base.terms,
          amountYen: 1200,
          amountTax: 'excluded',
          amountUnit: '1t',
          effectiveDate: '2026-12-05',
          contractNumber: '第8-12号',
          authority: 'exclusive',
          original: '2026-0001',
          method: 'designated',
          noticeDate: '2026-10-01',
          announced: 'yes',
          message: 'よろしくお願いします。\n別紙もご確認ください。',
        },
      }),
    );
    expect(read.problems).to.deep.equal([]);
    expect(read.fields).to.deep.include({
      title: base.title,
      kind: 'unitPrice',
      amount: { yen: 1200, tax: 'excluded', unit: '1t' },
      plannedDate: '2026-12-01',
      effectiveDate: '2026-12-05',
      deadline: '2026-12-20',
      contractNumber: '第8-12号',
      approvalNumber: '総管第45号',
      authority: 'exclusive',
      original: '2026-0001',
      guarantee: '免除',
      method: 'designated',
      noticeDate: '2026-10-01',
      announced: 'yes',
      note: 'よろしくお願いします。 別紙もご確認ください。',
    });
    expect(read.fields.term).to.include({ from: '2026-12-01', to: '2027-03-26' });
    expect(
      read.fields.counterparties.map(({ number, person }) => `${number} ${person.address}`),
    ).to.deep.equal(['1 yamada@sample.example.jp', '2 tanaka@partner.example.jp']);
    expect(read.fields.checker?.address).to.equal('takahashi@sample.example.jp');
    expect(read.fields.approver).to.deep.equal({
      title: '総務課長',
      name: '鈴木一郎',
      address: 'suzuki@mihon.example.jp',
    });
    expect(read.fields.observers[0]?.address).to.equal('ito@mihon.example.jp');
    expect(read.fields.documents).to.deep.equal([
      { number: 1, name: '契約書', fileName: 'document1.pdf' },
      { number: 2, name: '別紙1', fileName: 'document2.pdf' },
    ]);
  });

  for (const kind of ['contract', 'acknowledgement', 'amendment', 'provisional', 'unitPrice'] as const) {
    it(`names the kind ${kind} such that it is known again`, () => {
      expect(readContractMail('', formIn({ ...sampleDraft(), kind })).fields.kind).to.equal(kind);
    });
  }

  it('leaves out what nobody wrote, an access code and a deadline that is over', () => {
    const base = sampleDraft();
    const form = formIn({
      ...base,
      deadline: '2026-11-20',
      terms: { ...base.terms, accessCode: '4821-0937' },
    });
    expect(form).to.not.include('期限').and.to.not.include('4821').and.to.not.include('相手方確認者');
  });
});

describe('a contract comes in anew', () => {
  const ended = (changes: Partial<Contract>) =>
    mayComeAnew({ ending: null, releaseAt: null, ...changes } as Contract);

  it('once it was sent back, withdrawn or ran out, but not when paper is wished for or its draft was dropped', () => {
    expect(ended({ state: 'declined', ending: { at: '', by: 'step-2', reason: null } })).to.equal(true);
    expect(ended({ state: 'withdrawn' })).to.equal(true);
    expect(ended({ state: 'expired', releaseAt: '2026-11-21T01:00:00.000Z' })).to.equal(true);
    expect(
      ended({ state: 'declined', ending: { at: '', by: 'step-1', reason: null, paper: true } }),
    ).to.equal(false);
    expect(ended({ state: 'expired' })).to.equal(false);
    for (const state of ['draft', 'preparing', 'awaiting', 'sealing', 'concluding', 'concluded'] as const)
      expect(ended({ state }), state).to.equal(false);
  });
});
