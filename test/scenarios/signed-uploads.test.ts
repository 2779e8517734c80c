/** A PDF that others have signed before the contract is mailed, where the installation takes such files (decided 14). */
import { expect } from 'chai';
import { consentByLink } from '../../demo/people.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { completion, contractCalled, requested } from '../support/acts.ts';
import { judge, pageTexts, pdfFixture } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, type World } from '../support/world.ts';

const SIGNED = Buffer.from(pdfFixture('signed-certified'));
const NAME = '測量成果.pdf';

describe('a PDF that others have signed', () => {
  let world: World;
  after(() => world.close());

  it('is concluded where that is set: every octet and the page as it came, the ID in each Reason', async () => {
    world = await createWorld({ env: { KEIYAKUBIN_CONTRACT__SIGNED_UPLOADS: 'append' } });
    const { testRoot } = await world.start();
    const title = '測量業務委託';
    const request = await requested(world, title, { pdf: [{ filename: NAME, content: SIGNED }] });
    expect((await consentByLink(request)).status).to.equal(200);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    await world.reply(SUZUKI, approval, '承認');
    const completed = await completion(world, SATO, title);
    const executed = completed.attachments[0]!.content;
    expect(executed.subarray(0, SIGNED.length).equals(SIGNED)).to.equal(true);

    const trust = [Buffer.from(testRoot!.replace(/-----[^-]+-----|\s/g, ''), 'base64')];
    const report = await verify(bytesSource(executed), { trust, profile: 'B-LTA', at: new Date() });
    expect(report).to.deep.include({ valid: true, verdict: 'valid', level: 'B-LTA', problems: [] });
    expect(report.signatures.map(({ verdict }) => verdict)).to.deep.equal([
      'not-ours',
      'valid',
      'valid',
      'valid',
    ]);
    const { certificateId } = await contractCalled(world, title);
    for (const { kind, verdict, reason } of report.signatures) {
      if (kind === 'signature' && verdict === 'valid') expect(reason).to.include(certificateId);
    }
    const [first] = pageTexts(executed);
    expect(first).to.include('Contract 100 yen').and.not.include(certificateId);
    expect(judge('pdfsig', ['-no-ocsp'], executed).match(/Signature is Valid/g)).to.have.length(3);
  });
});
