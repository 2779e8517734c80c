/** What participants see of the others on their pages: names, organisations, or nothing (R20b). */
import { expect } from 'chai';
import type { Step } from '../../gateway/contract/contract.ts';
import { progressOf } from '../../gateway/web/progress.ts';
import { sampleDraft } from '../support/contract.ts';

const AT = '2026-11-28T01:15:00.000Z';
const CONSENT = { at: AT, means: 'page', heads: [], filled: [] } as const;
const steps = sampleDraft({ checker: true }).steps.map(
  (step, index): Step => ({ ...step, generation: 1, consent: index === 0 ? CONSENT : null }),
);

describe('the order of a contract, as a participant sees it', () => {
  it('names organisations, the municipality for its own people, and the reader as such', () => {
    expect(progressOf({ steps, step: 1 }, 'step-2', 'organisation', '見本市')).to.deep.equal([
      { role: 'checker', who: { organisation: '株式会社サンプル' }, consentedAt: AT, current: false },
      { role: 'signatory', who: null, consentedAt: null, current: true },
      { role: 'approver', who: { organisation: '見本市' }, consentedAt: null, current: false },
    ]);
  });

  it('names people where the municipality lets it', () => {
    const [checker, reader, approver] = progressOf({ steps, step: 1 }, 'step-2', 'names', '見本市');
    expect(checker!.who).to.include({ name: '高橋次郎', organisation: '株式会社サンプル' });
    expect(reader!.who).to.equal(null);
    expect(approver!.who).to.include({ name: '鈴木一郎', title: '総務課長' });
  });

  it('says nothing where the municipality does not', () => {
    expect(progressOf({ steps, step: 1 }, 'step-2', 'none', '見本市')).to.deep.equal([]);
  });
});
