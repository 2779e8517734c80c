/** Whom the consent page asks for the declaration, and what counts as having made it (R7, R7b). */
import { expect } from 'chai';
import { declaredBy, mustDeclare } from '../../gateway/app/declaring.ts';
import type { Step } from '../../gateway/contract/contract.ts';
import { DECLARATION_VERSION } from '../../templates/index.ts';
import { sampleDraft } from '../support/contract.ts';

const AT = '2026-11-28T01:15:00.000Z';

function step(index: number, registration: Step['registration']): Step {
  return { ...sampleDraft({ checker: true }).steps[index]!, generation: 1, consent: null, registration };
}

describe('the declaration on the consent page', () => {
  it('is asked of signatories only, and by default of those who have not made it before', () => {
    const [checker, signatory, approver] = [step(0, 'registered'), step(1, 'registered'), step(2, null)];
    const confirmed = step(1, 'confirmed');
    const asked = (rule: Parameters<typeof mustDeclare>[1]) =>
      [checker, signatory, confirmed, approver].map((one) => mustDeclare(one, rule));
    expect(asked('unconfirmed')).to.deep.equal([false, true, false, false]);
    expect(asked('always')).to.deep.equal([false, true, true, false]);
    expect(asked('never')).to.deep.equal([false, false, false, false]);
  });

  it('counts in the version that is in force, with the name confirmed', () => {
    const signatory = step(1, null);
    const made = (identity: boolean, declaration: string | null) =>
      declaredBy(signatory, { identity, declaration }, 'unconfirmed', AT);
    expect(made(true, DECLARATION_VERSION)).to.deep.equal({
      identity: true,
      electronic: { version: DECLARATION_VERSION, at: AT },
    });
    expect(made(true, '2020-01')).to.equal(null);
    expect(made(true, null)).to.equal(null);
    expect(made(false, DECLARATION_VERSION)).to.equal(null);
    const confirmed = step(1, 'confirmed');
    expect(declaredBy(confirmed, { identity: true, declaration: null }, 'unconfirmed', AT)).to.deep.equal({
      identity: true,
      electronic: null,
    });
  });
});
