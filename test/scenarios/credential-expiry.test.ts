/** A gateway whose certificate runs out soon: the operator is told at the start, once over all starts (R32). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { daysLeft, signingCertificates } from '../../gateway/app/credential-expiry.ts';
import { revocationExtensions, signingKeyUsage } from '../../signing/credentials/test-authority-pki.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DAY, fromNow, issue, issueRoot, keyPemOf, pemOf } from '../support/pki.ts';
import { createWorld, type World } from '../support/world.ts';

const OPERATOR = { name: '運用', address: 'unyo@sample.example.jp' };

describe('a certificate that runs out in three weeks', () => {
  const folder = temporaryFolder();
  let world: World;
  afterEach(() => world.close());

  it('is announced by one mail, however often the gateway starts, and listed with its days', async () => {
    const written = (name: string, content: string): string => {
      writeFileSync(join(folder(), name), content);
      return join(folder(), name);
    };
    const root = issueRoot();
    const extensions = [signingKeyUsage(true), ...revocationExtensions({ ocsp: 'http://127.0.0.1:9/' })];
    const signer = issue(root, { name: '見本市 電子契約', notAfter: fromNow(20.5 * DAY), extensions });
    const credential = {
      type: 'pem',
      keyFile: written('key.pem', keyPemOf(signer)),
      certificatesFile: written('certificates.pem', pemOf(signer)),
    };
    world = await createWorld({
      env: {
        KEIYAKUBIN_SIGNING__CREDENTIAL: JSON.stringify(credential),
        KEIYAKUBIN_SIGNING__TRUST_FILES: JSON.stringify([written('root.pem', pemOf(root))]),
        KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: '[{ "url": "http://127.0.0.1:9/" }]',
        KEIYAKUBIN_OPERATOR__ADDRESSES: JSON.stringify([OPERATOR.address]),
      },
    });
    await world.start();
    const notice = await world.next(OPERATOR, /^【期限まであと21日】署名の証明書 見本市 電子契約$/);
    expect(notice.text).to.include('契約便を起動し直してください').and.not.to.include('試験用');
    expect(notice.autoSubmitted).to.equal('auto-generated');
    await world.logged(/signing certificate runs out/);
    await world.stop();

    await world.start();
    await world.look(async ({ knex }) => {
      const now = new Date().toISOString();
      const notices = await knex('outbox').where({ type: 'credential-notice' });
      expect(notices).to.have.length(1);
      expect(notices[0].done_at).not.to.equal(null);
      const listed = (await signingCertificates(knex)).map((one) => [one.name, one.own, daysLeft(one, now)]);
      expect(listed).to.deep.equal([
        ['見本市 電子契約', true, 21],
        ['試験ルート', false, 365],
      ]);
    });
  });
});
