/** What the start checks of the signing identity, so that no contract waits for it after its last consent (R32, R42). */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { openSigning, UnusableFont } from '../../gateway/jobs/identity.ts';
import { UnusableCredential } from '../../gateway/jobs/open-keys.ts';
import {
  type CertificateTemplate,
  type Identity,
  revocationExtensions,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { ended, startOurs } from '../support/our-process.ts';
import {
  DAY,
  fromNow,
  issue,
  issueRoot,
  issueRsa,
  keyPemOf,
  pemOf,
  timestampExtensions,
} from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

describe('opening the signing identity', () => {
  const folder = temporaryFolder();

  const options = () => ({ clock: () => new Date(), log: recordingLog().log, onRevoked: async () => {} });

  function configured(nameHolder?: string): Config {
    const env = {
      KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'),
      KEIYAKUBIN_MASTER_KEY_FILE: join(folder(), 'master.key'),
    };
    const config = loadConfig({ env });
    if (isConfigProblems(config)) throw new Error(config.problems.join('\n'));
    const municipalities = config.municipalities.map((one) => ({
      ...one,
      nameHolder: nameHolder ?? one.nameHolder,
    }));
    return { ...config, municipalities };
  }

  it('takes a municipality whose names the certificate can print', async () => {
    const signing = await openSigning(configured('見本市長 髙﨑𠮷郎'), options());
    expect(signing.testAuthority).to.not.equal(null);
    await signing.close();
  });

  it('stops at a name with a character that no certificate could print', async () => {
    const error = await rejection(openSigning(configured('見本市長\u{1F3EE}'), options()));
    expect(error).to.be.instanceOf(UnusableFont);
    expect(String(error)).to.include('signing.fontFiles: no glyph for \u{1F3EE} (U+1F3EE) in municipalities');
  });

  it('takes further fonts for the characters that the built-in one lacks, and stops at a file that is none', async () => {
    const family = ['--format', '%{file}', ':family=IPAmjMincho'];
    const ipamj = execFileSync('fc-list', family, { encoding: 'utf8' });
    const config = configured('見本市長 葛\u{E0102}城');
    const lacking = await rejection(openSigning(config, options()));
    expect(String(lacking)).to.include('(U+845B U+E0102)');
    const withFonts = (...fontFiles: string[]): Config => ({
      ...config,
      signing: { ...config.signing, fontFiles },
    });
    const signing = await openSigning(withFonts(ipamj), options());
    await signing.close();
    const noFont = join(folder(), 'data', 'test-root.pem');
    const error = await rejection(openSigning(withFonts(noFont), options()));
    expect(error).to.be.instanceOf(UnusableFont);
    expect(String(error)).to.include('signing.fontFiles: ');
  });

  describe('stops with a line for every problem', () => {
    const root = issueRoot();
    const named = revocationExtensions({ ocsp: 'http://ocsp.sample.example.jp/' });
    const signer = (name: string, template: Partial<CertificateTemplate> = {}) =>
      issue(root, { name, extensions: [signingKeyUsage(true), ...named], ...template });
    const written = (name: string, content: string): string => {
      writeFileSync(join(folder(), name), content);
      return join(folder(), name);
    };

    /** The environment of a gateway that signs with `own`, whose certificate may be another's. */
    function env(own: Identity, certificates = pemOf(own)): Record<string, string> {
      return {
        KEIYAKUBIN_DATA_DIRECTORY: join(folder(), 'data'),
        KEIYAKUBIN_MASTER_KEY_FILE: join(folder(), 'master.key'),
        KEIYAKUBIN_SMTP__PORT: '0',
        KEIYAKUBIN_WEB__PORT: '0',
        KEIYAKUBIN_SIGNING__CREDENTIAL: JSON.stringify({
          type: 'pem',
          keyFile: written('key.pem', keyPemOf(own)),
          certificatesFile: written('certificates.pem', certificates),
        }),
        KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: '[{ "url": "https://tsa.sample.example.jp/" }]',
        KEIYAKUBIN_SIGNING__TRUST_FILES: JSON.stringify([written('root.pem', pemOf(root))]),
      };
    }
    async function linesOf(variables: Record<string, string>): Promise<string[]> {
      const config = loadConfig({ env: variables });
      if (isConfigProblems(config)) throw new Error(config.problems.join('\n'));
      const error = await rejection(openSigning(config, options()));
      expect(error).to.be.instanceOf(UnusableCredential);
      return (error as Error).message.split('\n');
    }

    const { privateKey: p521 } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const cases: Record<string, [() => Record<string, string>, RegExp]> = {
      'a certificate of another key': [
        () => env(signer('署名者'), pemOf(signer('他人'))),
        /belongs to the private key$/,
      ],
      'no path to a trust root': [
        () => env(issue(issueRoot('他'), { name: '署名者', extensions: named })),
        /untrusted: /,
      ],
      'another purpose': [
        () => env(signer('時刻局', { extensions: [...timestampExtensions(), ...named] })),
        /key-usage: /,
      ],
      'a certificate that ran out': [
        () => env(signer('署名者', { notAfter: fromNow(-DAY / 2) })),
        /validity: /,
      ],
      'a certificate of tomorrow': [() => env(signer('署名者', { notBefore: fromNow(DAY) })), /validity: /],
      'no way to ask for revocation': [
        () => env(signer('署名者', { extensions: [] })),
        /revocation-unprovable: /,
      ],
      'a short RSA key': [() => env(issueRsa(root, '署名者', 1024)), /neither RSA of 2,048 bits or more nor/],
      'another curve': [() => env(issue(root, { name: '署名者' }, p521)), /nor on the curve P-256 or P-384$/],
    };
    for (const [title, [variables, expected]] of Object.entries(cases)) {
      it(title, async () => {
        const [line, ...more] = await linesOf(variables());
        expect(line)
          .to.match(/^signing\.credential: /)
          .and.match(expected);
        expect(more).to.deep.equal([]);
      });
    }

    it('an encrypted key without its passphrase, which opens with it', async () => {
      const own = signer('署名者');
      const variables = env(own);
      const cipher = { cipher: 'aes-256-cbc', passphrase: 'aikotoba' } as const;
      written('key.pem', own.key.export({ format: 'pem', type: 'pkcs8', ...cipher }).toString());
      expect(await linesOf(variables)).to.have.length(1);
      const passphraseFile = written('passphrase', 'aikotoba\n');
      const KEY = 'KEIYAKUBIN_SIGNING__CREDENTIAL__PASSPHRASE_FILE';
      const config = loadConfig({ env: { ...variables, [KEY]: passphraseFile } }) as Config;
      const signing = await openSigning(config, options());
      expect([...signing.keys.keys()]).to.deep.equal(['mihon']);
      expect(signing.certificates.map(({ name, own }) => [name, own])).to.deep.equal([
        ['署名者', true],
        ['試験ルート', false],
      ]);
      await signing.close();
    });

    it('of every municipality at once, and exits 2', async () => {
      const variables = {
        ...env(signer('署名者', { notAfter: fromNow(-DAY / 2), extensions: [] })),
        KEIYAKUBIN_CONFIG: written(
          'keiyakubin.yaml',
          `municipalities:${['mihon', 'tonari'].map(municipality).join('')}
    signing: { credential: { type: pem, keyFile: ${written('weak.pem', keyPemOf(weak))}, certificatesFile: ${written('weak-certificate.pem', pemOf(weak))} } }
`,
        ),
      };
      const { code, stdout, stderr } = await ended(
        startOurs('gateway/cli/keiyakubin.ts', ['serve'], variables),
      );
      expect(code, stderr).to.equal(2);
      expect(stdout).to.equal('');
      const lines = stderr.trim().split('\n');
      expect(lines).to.have.length(2);
      expect(lines[0]).to.match(/^signing\.credential: validity: "署名者" is valid /);
      expect(lines[1]).to.match(/^municipalities\[1\]\.signing\.credential: the key is neither RSA/);
    });
    const weak = issueRsa(root, '弱い鍵', 1024);
    const municipality = (id: string): string => `
  - id: ${id}
    name: ${id}
    address: keiyaku@${id}.example.jp
    staff: { domains: [${id}.example.jp] }
    desks:
      contract: { section: 総務課, phone: 00-0000-0001 }
      operation: { name: ヘルプデスク, phone: 00-0000-0000, hours: 平日 }
    signedBy: ${id}
    nameHolder: ${id}`;
  });
});
