/** What the start checks of the key that signs mails, so that no recipient is ever warned of our own mail (RFC 8550). */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { openSigning } from '../../gateway/jobs/identity.ts';
import { UnusableCredential } from '../../gateway/jobs/open-keys.ts';
import {
  type Identity,
  revocationExtensions,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { issueMailPki, mailExtensions } from '../support/mail-certificates.ts';
import { DAY, fromNow, issue, issueRoot, issueRsa, keyPemOf, pemOf } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

const ADDRESS = 'keiyaku@mihon.example.jp';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

describe('opening the key that signs mails', () => {
  const folder = temporaryFolder();
  const { root, authority, signer } = issueMailPki(ADDRESS);
  const options = () => ({ clock: () => new Date(), log: recordingLog().log, onRevoked: async () => {} });
  const written = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder(), name), content);
    return join(folder(), name);
  };

  /** Settings of a gateway whose municipality signs its mails with `own`. */
  const pem = (own: Identity, certificates = pemOf(own, authority, root)) => ({
    type: 'pem',
    keyFile: written('mail.key', keyPemOf(own)),
    certificatesFile: written('mail.pem', certificates),
  });
  function loaded(
    smime: object | null,
    variables: Record<string, string> = {},
  ): ReturnType<typeof loadConfig> {
    const file = written('keiyakubin.yaml', yaml(JSON.stringify(smime)));
    const env = {
      KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'),
      KEIYAKUBIN_MASTER_KEY_FILE: join(folder(), 'master.key'),
      ...variables,
    };
    return loadConfig({ file, env });
  }
  function configured(...of: Parameters<typeof loaded>): Config {
    const config = loaded(...of);
    if (isConfigProblems(config)) throw new Error(config.problems.join('\n'));
    return config;
  }
  async function problemsOf(...of: Parameters<typeof loaded>): Promise<string[]> {
    const error = await rejection(openSigning(configured(...of), options()));
    expect(error).to.be.instanceOf(UnusableCredential);
    return (error as Error).message.split('\n');
  }

  it('takes a key with its certificate, and notes what of it runs out', async () => {
    const signing = await openSigning(configured(pem(signer())), options());
    expect([...signing.mailSigners.keys()]).to.deep.equal([ADDRESS]);
    const noted = signing.certificates.map(({ name, use, own, municipalities }) => [
      name,
      use,
      own,
      municipalities,
    ]);
    expect(noted).to.deep.equal([
      ['見本市 電子契約', 'mails', true, ['mihon']],
      ['メール試験中間局', 'mails', false, ['mihon']],
    ]);
    await signing.close();
  });

  it('takes a PKCS#12 file with its passphrase, and an address written in capitals', async () => {
    const own = signer({
      extensions: mailExtensions(['soumu@mihon.example.jp', 'Keiyaku@MIHON.example.jp']),
    });
    pem(own);
    const file = join(folder(), 'mail.p12');
    const parts = ['-inkey', join(folder(), 'mail.key'), '-in', join(folder(), 'mail.pem')];
    execFileSync('openssl', ['pkcs12', '-export', ...parts, '-out', file, '-passout', 'pass:aikotoba']);
    const passphraseFile = written('passphrase', 'aikotoba\n');
    const signing = await openSigning(configured({ type: 'pkcs12', file, passphraseFile }), options());
    expect([...signing.mailSigners.keys()]).to.deep.equal([ADDRESS]);
    await signing.close();
    const wrong = await problemsOf({ type: 'pkcs12', file, passphraseFile: written('wrong', 'chigau\n') });
    expect(wrong).to.have.length(1);
    expect(wrong[0]).to.match(/^municipalities\[0\]\.smime: .*the passphrase is wrong$/);
  });

  describe('starts with a certificate that has run out, says so, and lets mails leave unsigned:', () => {
    const old = issue(root, { name: '古い中間局', notAfter: fromNow(-DAY / 2) });
    const below = issue(old, { name: '署名者', extensions: mailExtensions([ADDRESS]) });
    const ownEnded = signer({ notAfter: fromNow(-DAY / 2) });
    for (const [whose, ended, settings] of [
      ['its own', '見本市 電子契約', () => pem(ownEnded)],
      ['an authority’s', '古い中間局', () => pem(below, pemOf(below, old))],
    ] as const) {
      it(whose, async () => {
        const { log, lines } = recordingLog();
        const signing = await openSigning(configured(settings()), { ...options(), log });
        expect(await signing.mailSigners.get(ADDRESS)!.sign(Buffer.from('text'))).to.equal(null);
        const told = lines.filter(({ msg }) => /leave without S\/MIME/.test(msg));
        expect(told.map(({ certificate }) => certificate)).to.deep.equal([ended]);
        await signing.close();
      });
    }
  });

  it('signs nothing where nothing is set', async () => {
    const signing = await openSigning(configured(null), options());
    expect(signing.mailSigners.size).to.equal(0);
    await signing.close();
  });

  describe('stops with a line for', () => {
    const cases: Record<string, [() => object, RegExp]> = {
      'a certificate of another key': [() => pem(signer(), pemOf(signer())), /belongs to the private key$/],
      'another address': [
        () => pem(signer({ extensions: mailExtensions(['sonota@mihon.example.jp']) })),
        /mail-address: "見本市 電子契約" is issued to sonota@mihon\.example\.jp, not to keiyaku@mihon\.example\.jp$/,
      ],
      'no address at all': [
        () => pem(signer({ extensions: [signingKeyUsage(false)] })),
        /mail-address: .* issued to no mail address, not to /,
      ],
      'another purpose': [
        () => pem(signer({ extensions: mailExtensions([ADDRESS], TIME_STAMPING) })),
        /key-usage: "見本市 電子契約" is issued for other purposes$/,
      ],
      'a certificate of tomorrow': [
        () => pem(signer({ notBefore: fromNow(DAY) })),
        /validity: "見本市 電子契約" is valid from .*, not at /,
      ],
      'a short RSA key': [
        () => pem(issueRsa(authority, '弱い鍵', 1024)),
        /neither RSA of 2,048 bits or more/,
      ],
    };
    for (const [title, [smime, expected]] of Object.entries(cases)) {
      it(title, async () => {
        const [line, ...more] = await problemsOf(smime());
        expect(line)
          .to.match(/^municipalities\[0\]\.smime: /)
          .and.match(expected);
        expect(more).to.deep.equal([]);
      });
    }

    it('the key that seals contracts: a consent must stay the only thing it signs', async () => {
      const named = revocationExtensions({ ocsp: 'http://ocsp.sample.example.jp/' });
      const sealRoot = issueRoot();
      const extensions = [...mailExtensions([ADDRESS]), ...named];
      const own = issue(sealRoot, { name: '署名者', extensions });
      const smime = pem(own, pemOf(own));
      const [line, ...more] = await problemsOf(smime, {
        KEIYAKUBIN_SIGNING__CREDENTIAL: JSON.stringify(smime),
        KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: '[{ "url": "https://tsa.sample.example.jp/" }]',
        KEIYAKUBIN_SIGNING__TRUST_FILES: JSON.stringify([written('root.pem', pemOf(sealRoot))]),
        KEIYAKUBIN_RELAY__HOST: '127.0.0.1',
      });
      expect(line).to.match(/^municipalities\[0\]\.smime: shared-key: /);
      expect(more).to.deep.equal([]);
    });
  });

  it('names files that cannot be read, and a passphrase where none may stand', () => {
    const problems = (smime: object): string[] => {
      const config = loaded(smime);
      return isConfigProblems(config) ? [...config.problems] : [];
    };
    const none = join(folder(), 'none');
    expect(problems({ type: 'pem', keyFile: none, certificatesFile: none })).to.deep.equal([
      `municipalities[0].smime.keyFile: cannot be read: ${none}`,
      `municipalities[0].smime.certificatesFile: cannot be read: ${none}`,
    ]);
    const { certificatesFile } = pem(signer());
    expect(problems({ type: 'pkcs12', file: certificatesFile, passphrase: 'aikotoba' })).to.deep.equal([
      'municipalities[0].smime.passphrase: must not stand in the configuration file: use passphraseFile or the environment',
    ]);
    const other = problems({ type: 'pkcs11', module: certificatesFile }).join();
    expect(other).to.include('municipalities[0].smime');
  });

  it('takes a passphrase from the environment', () => {
    const { certificatesFile } = pem(signer());
    const KEY = 'KEIYAKUBIN_MUNICIPALITIES__0__SMIME__PASSPHRASE';
    const { municipalities } = configured({ type: 'pkcs12', file: certificatesFile }, { [KEY]: 'aikotoba' });
    expect(municipalities[0]!.smime).to.include({ type: 'pkcs12', passphrase: 'aikotoba' });
  });
});

function yaml(smime: string): string {
  return `municipalities:
  - id: mihon
    name: 見本市
    address: ${ADDRESS}
    smime: ${smime}
    staff: { domains: [mihon.example.jp] }
    desks:
      contract: { section: 総務課, phone: 00-0000-0001 }
      operation: { name: ヘルプデスク, phone: 00-0000-0000, hours: 平日 }
    signedBy: 見本市
    nameHolder: 見本市長
`;
}
