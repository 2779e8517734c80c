/** A right that was taken since the contract was mailed in: the page consents for nobody who may not approve now. */
import { expect } from 'chai';
import { consentDesk } from '../../gateway/app/consent-desk.ts';

type Dependencies = Parameters<typeof consentDesk>[0];
type Consent = Parameters<ReturnType<typeof consentDesk>['consent']>;

describe('the desk behind the approver’s page', () => {
  it('asks once more, at the act itself, whether this address may approve', async () => {
    const asked: unknown[] = [];
    const desk = consentDesk({
      mayApprove: (...of: unknown[]) => {
        asked.push(of);
        return false;
      },
    } as unknown as Dependencies);
    const link = {
      step: { role: 'approver', person: { address: 'suzuki@mihon.example.jp' } },
      contract: { municipality: 'mihon' },
    };
    const result = await desk.consent(...([link, [], []] as unknown as Consent));
    expect(result).to.deep.equal({ refused: 'not-approver' });
    expect(asked).to.deep.equal([['mihon', 'suzuki@mihon.example.jp']]);
  });
});
