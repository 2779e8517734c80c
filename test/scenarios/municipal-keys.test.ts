/** Each municipality signs with its own key, one of them in an HSM; a revoked one signs nothing and nothing is lost (R32, R58, R59). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { consentByLink } from '../../demo/people.ts';
import { unpark } from '../../storage/outbox.ts';
import { completion, contractCalled, requested } from '../support/acts.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { temporaryFolder } from '../support/folder.ts';
import { pemOf } from '../support/pki.ts';
import { openSoftHsm, PIN, SOFTHSM_MODULE, type SoftHsm } from '../support/softhsm.ts';
import { runTool } from '../support/system.ts';
import { createWorld, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const WATANABE = { name: '渡辺', address: 'watanabe@tonari.example.jp' };
const YOSHIDA = { name: '吉田', address: 'yoshida@tonari.example.jp' };
const OPERATOR = { name: '運用', address: 'unyo@sample.example.jp' };

const municipality = (id: string, name: string, more = ''): string => `
  - id: ${id}
    name: ${name}
    address: keiyaku@${id}.example.jp
    staff: { domains: [${id}.example.jp] }
    desks:
      contract: { section: 総務課, phone: 00-0000-0001 }
      operation: { name: ヘルプデスク, phone: 00-0000-0000, hours: 平日 }
    signedBy: ${name}
    nameHolder: ${name}長${more}`;

describe('two municipalities with keys of their own', () => {
  const folder = temporaryFolder();
  let authority: ControllableAuthority;
  let hsm: SoftHsm;
  let world: World;

  beforeEach(async () => {
    authority = await openAuthority();
    hsm = openSoftHsm();
    const tonari = authority.issueSigner('隣町署名者');
    await hsm.initToken('tonari');
    await hsm.importKey('tonari', tonari, 'seal', 'a1');
    writeFileSync(join(folder(), 'tonari.pem'), pemOf(tonari));
    writeFileSync(join(folder(), 'pin'), `${PIN}\n`);
    const own = `
    signing:
      credential:
        type: pkcs11
        module: ${SOFTHSM_MODULE}
        tokenLabel: tonari
        keyLabel: seal
        pinFile: ${join(folder(), 'pin')}
        certificatesFile: ${join(folder(), 'tonari.pem')}`;
    const yaml = `municipalities:${municipality('mihon', '見本市')}${municipality('tonari', '隣町', own)}
operator: { addresses: [${OPERATOR.address}] }
`;
    world = await createWorld({ yaml, env: authority.env() });
    await world.start();
  });
  afterEach(async () => {
    await world.close();
    hsm.close();
    await authority.close();
  });

  /** Whose certificates poppler finds in the executed document. */
  async function signersOf(pdf: Buffer, signatures = 2): Promise<string[]> {
    const file = join(folder(), 'executed.pdf');
    writeFileSync(file, pdf);
    const { stdout } = await runTool('pdfsig', ['-no-ocsp', file]);
    const report = stdout.toString();
    expect(report.match(/Signature is Valid/g)).to.have.length(signatures);
    return [...report.matchAll(/Signer Certificate Common Name: (.*)/g)].map((match) => match[1]!);
  }

  /** The executed document, and the certificate. */
  async function executed(title: string): Promise<Buffer[]> {
    return (await completion(world, YAMADA, title)).attachments.map(({ content }) => content);
  }

  it('seal with these, in a file and in an HSM', async () => {
    const request = await requested(world, '見本市の工事');
    await consentByLink(request);
    await world.reply(SUZUKI, await world.next(SUZUKI, /承認のお願い/), '承認');
    const [ours, oursCertified] = await executed('見本市の工事');
    expect(await signersOf(ours!)).to.deep.equal(['見本署名者', '見本署名者', '見本時刻局']);
    expect(await signersOf(oursCertified!, 1)).to.deep.equal(['見本署名者', '見本時刻局']);

    await world.mail({
      from: WATANABE,
      to: 'keiyaku@tonari.example.jp',
      text: `契約件名：隣町の工事
契約相手方：株式会社サンプル 代表取締役 山田太郎 <${YAMADA.address}>
町側署名者：総務課長 吉田 <${YOSHIDA.address}>`,
      pdf: await samplePdf(),
    });
    await world.reply(WATANABE, await world.next(WATANABE, /受付.*隣町の工事$/), '依頼');
    await consentByLink(await world.next(YAMADA, /隣町の工事への署名依頼/));
    await world.reply(YOSHIDA, await world.next(YOSHIDA, /承認のお願い/), '承認');
    const [theirs, theirsCertified] = await executed('隣町の工事');
    expect(await signersOf(theirs!)).to.deep.equal(['隣町署名者', '隣町署名者', '見本時刻局']);
    expect(await signersOf(theirsCertified!, 1)).to.deep.equal(['隣町署名者', '見本時刻局']);
  });

  it('seal nothing with a revoked one: the operator is told, and the contract goes on with a good one', async () => {
    const title = '失効した鍵の工事';
    const request = await requested(world, title);
    Object.assign(authority, { ocsp: 'revoked', crl: 'revoked' });
    await consentByLink(request);
    const notice = await world.next(OPERATOR, /^【失効】署名の証明書 見本署名者$/);
    expect(notice.text).to.include('使っている自治体：見本市').and.include('keiyakubin parked --retry');
    await world.logged(/signing certificate is revoked: nothing is signed with it/);
    await world.logged(/outbox entry parked/);
    const waiting = await contractCalled(world, title);
    expect(waiting).to.include({ state: 'sealing', step: 0 });
    expect(waiting.steps[0]!.consent).not.to.equal(null);
    expect(authority.asked.tsa).to.equal(0);

    await world.stop();
    Object.assign(authority, { ocsp: 'good', crl: 'good' });
    await world.look(({ knex }) => unpark(knex, new Date().toISOString()));
    await world.start();
    await world.reply(SUZUKI, await world.next(SUZUKI, /承認のお願い/), '承認');
    const [document] = await executed(title);
    expect(await signersOf(document!)).to.include('見本署名者');
  });
});
