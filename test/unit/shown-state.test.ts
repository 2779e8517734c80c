// How mails name what ended by declining: by who ended it, and why (R0, R29).
import { expect } from 'chai';
import type { Contract } from '../../gateway/contract/contract.ts';
import { foundFact } from '../../gateway/mail/compose-found.ts';
import { shownState } from '../../gateway/mail/facts.ts';
import { foundRow } from '../../templates/index.ts';
import { sampleDraft } from '../support/contract.ts';

const at = '2026-11-24T01:00:00.000Z';

function declinedBy(by: string, more: { reason?: string; paper?: true } = {}): Contract {
  const contract = { ...sampleDraft(), state: 'declined', contractDate: null, number: '2026-0123' };
  return { ...contract, ending: { at, by, reason: null, ...more } } as unknown as Contract;
}

describe('what ended by declining', () => {
  const { steps } = sampleDraft();
  const vendor = steps.find(({ role }) => role === 'signatory')!.participant;
  const approver = steps.find(({ role }) => role === 'approver')!.participant;

  for (const [what, contract, state, word] of [
    ['a vendor’s refusal', declinedBy(vendor, { reason: '金額が違います。' }), 'declined', '却下'],
    ['a wish for paper', declinedBy(vendor, { paper: true }), 'paperWished', '紙の契約を希望'],
    ['the approver’s 差戻し', declinedBy(approver), 'sentBack', '差戻し'],
  ] as const) {
    it(`is told apart: ${what}`, () => {
      expect(shownState(contract)).to.equal(state);
      expect(foundRow(foundFact(contract)).at(-1)).to.equal(word);
    });
  }

  it('has nothing to do with contracts that end in other ways', () => {
    for (const state of ['withdrawn', 'expired', 'concluded'] as const) {
      expect(shownState({ ...declinedBy(vendor, { paper: true }), state })).to.equal(state);
    }
  });
});
