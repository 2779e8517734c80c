/** Every kind of key from every kind of store seals a PDF that openssl and poppler accept (R32, ETSI EN 319 142-1 6.3). */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { pemCredential, pkcs11Credential, pkcs12Credential } from '../../signing/credentials/index.ts';
import { type Identity, signingKeyUsage } from '../../signing/credentials/test-authority-pki.ts';
import { bytesSource, type Credential, prepare, seal, type TimestampAuthority } from '../../signing/index.ts';
import { withoutPadding } from '../support/cms-parts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { coveredBytes, pdfFixture, rawSignatures, stampFont } from '../support/pdf-tools.ts';
import { authorityOf, issue, issuePki, issueRsa, keyPemOf, pemOf } from '../support/pki.ts';
import { openSoftHsm, PIN, SOFTHSM_MODULE, type SoftHsm } from '../support/softhsm.ts';
import { runTool } from '../support/system.ts';

const pki = issuePki();
const PASSPHRASE = 'aikotoba 4821';
const FIELD = 'keiyakubin-1';

const onCurve = (namedCurve: string): Identity =>
  issue(
    pki.intermediate,
    { name: namedCurve, extensions: [signingKeyUsage(true)] },
    generateKeyPairSync('ec', { namedCurve }).privateKey,
  );

const KEYS: Readonly<Record<string, () => Identity>> = {
  'RSA-2048': () => issueRsa(pki.intermediate, 'RSA-2048', 2048),
  'RSA-3072': () => issueRsa(pki.intermediate, 'RSA-3072', 3072),
  'RSA-4096': () => issueRsa(pki.intermediate, 'RSA-4096', 4096),
  'P-256': () => onCurve('P-256'),
  'P-384': () => onCurve('P-384'),
};

describe('a document sealed with a key', () => {
  const folder = temporaryFolder();
  const timestampAuthority: TimestampAuthority = authorityOf(pki.tsa);
  const identities = new Map<string, Identity>();
  let prepared: Uint8Array;
  let hsm: SoftHsm;
  let font: Uint8Array;

  before(async () => {
    font = stampFont();
    const upload = pdfFixture('hybrid');
    const revision = await prepare(bytesSource(upload), { stamp: 'ID', fields: [FIELD], fonts: [font] });
    prepared = Buffer.concat([upload, revision.bytes]);
    hsm = openSoftHsm();
    await hsm.initToken('keys');
    for (const [kind, make] of Object.entries(KEYS)) {
      const identity = make();
      identities.set(kind, identity);
      await hsm.importKey('keys', identity, kind, Buffer.from(kind).toString('hex'));
    }
  });
  after(() => hsm.close());

  const STORES: Readonly<Record<string, (identity: Identity, kind: string) => Promise<Credential>>> = {
    'an encrypted PEM file': async (identity) => {
      const key = identity.key.export({
        format: 'pem',
        type: 'pkcs8',
        cipher: 'aes-256-cbc',
        passphrase: PASSPHRASE,
      });
      const certificates = pemOf(identity, pki.intermediate, pki.root);
      return pemCredential({ key: key.toString(), certificates, passphrase: PASSPHRASE });
    },
    'a PKCS#12 file as openssl 3 makes it': async (identity) => pkcs12(identity),
    'a PKCS#12 file with RC2 and 3DES': async (identity) => pkcs12(identity, '-legacy'),
    'an HSM': async (identity, kind) =>
      pkcs11Credential({
        module: SOFTHSM_MODULE,
        patienceSeconds: 60,
        tokenLabel: 'keys',
        slot: null,
        pin: PIN,
        keyLabel: kind,
        keyId: null,
        certificates: pemOf(identity, pki.intermediate, pki.root),
      }),
  };

  async function pkcs12(identity: Identity, ...options: string[]): Promise<Credential> {
    const file = (name: string, content?: string): string => {
      if (content !== undefined) writeFileSync(join(folder(), name), content);
      return join(folder(), name);
    };
    const inputs = ['-inkey', file('key.pem', keyPemOf(identity)), '-in', file('own.pem', pemOf(identity))];
    const chain = ['-certfile', file('chain.pem', pemOf(pki.root, pki.intermediate))];
    const output = ['-passout', `pass:${PASSPHRASE}`, '-out', file('out.p12')];
    const { code, stderr } = await runTool('openssl', [
      'pkcs12',
      '-export',
      ...inputs,
      ...chain,
      ...output,
      ...options,
    ]);
    expect(code, stderr).to.equal(0);
    return pkcs12Credential(readFileSync(file('out.p12')), PASSPHRASE);
  }

  for (const [store, open] of Object.entries(STORES)) {
    for (const kind of Object.keys(KEYS)) {
      it(`of ${kind} in ${store} is accepted by openssl and poppler`, async () => {
        const credential = await open(identities.get(kind)!, kind);
        const revision = await seal(bytesSource(prepared), {
          field: FIELD,
          credential,
          timestampAuthority,
          reason: '山田太郎様が承認しました',
          location: '日本',
          signingTime: new Date(),
        });
        if ('close' in credential) await (credential.close as () => Promise<void>)();
        await expectAccepted(Buffer.concat([prepared, revision.bytes]));
      });
    }
  }

  async function expectAccepted(sealed: Buffer): Promise<void> {
    const written = (name: string, content: Uint8Array | string): string => {
      writeFileSync(join(folder(), name), content);
      return join(folder(), name);
    };
    const [signature] = rawSignatures(sealed);
    const cms = ['-in', written('consent.p7s', withoutPadding(signature!.contents)), '-inform', 'DER'];
    const content = ['-content', written('consent.bin', coveredBytes(sealed, signature!.range)), '-binary'];
    const trust = ['-CAfile', written('root.pem', pemOf(pki.root)), '-purpose', 'any'];
    const args = ['cms', '-verify', '-cades', ...cms, ...content, ...trust, '-out', '/dev/null'];
    expect((await runTool('openssl', args)).stderr).to.match(/^CAdES Verification successful$/m);
    const { stdout } = await runTool('pdfsig', ['-no-ocsp', written('sealed.pdf', sealed)]);
    expect(stdout.toString()).to.include('Signature is Valid.').and.include('ETSI.CAdES.detached');
  }
});
