/** Keys from PEM and PKCS#12 files, and the CAdES signature made with them, as openssl reads it. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isSignedBy, SIGNATURE_ALGORITHMS, sha256 } from '../../signing/cms/algorithms.ts';
import { readDer } from '../../signing/cms/der.ts';
import { buildSignature, describeCertificate, problemsOfCredential } from '../../signing/cms/index.ts';
import { pemCredential, pkcs12Credential } from '../../signing/credentials/index.ts';
import {
  type Identity,
  issueIdentity,
  revocationExtensions,
} from '../../signing/credentials/test-authority-pki.ts';
import { type Credential, SigningError } from '../../signing/ports.ts';
import {
  authorityOf,
  credentialOf,
  DAY,
  fromNow,
  issue,
  issuePki,
  issueRoot,
  keyPemOf,
  pemOf,
  timestampExtensions,
} from '../support/pki.ts';
import { runTool } from '../support/system.ts';

const pki = issuePki();
const data = Buffer.from('署名される属性');
let rsa: Identity;
let directory: string;

before(async () => {
  const template = { name: 'RSA署名者', notBefore: fromNow(-DAY), notAfter: fromNow(DAY), extensions: [] };
  rsa = await issueIdentity(template, pki.intermediate);
  directory = mkdtempSync(join(tmpdir(), 'credentials-'));
});
after(() => rmSync(directory, { recursive: true }));

/** A .p12 of openssl's making. */
async function pkcs12Of(identity: Identity, options: readonly string[] = []): Promise<Uint8Array> {
  const file = (name: string) => join(directory, name);
  writeFileSync(file('key.pem'), keyPemOf(identity));
  writeFileSync(file('own.pem'), pemOf(identity));
  writeFileSync(file('chain.pem'), pemOf(pki.root, pki.intermediate));
  const inputs = ['-inkey', file('key.pem'), '-in', file('own.pem'), '-certfile', file('chain.pem')];
  const args = [
    'pkcs12',
    '-export',
    ...inputs,
    '-passout',
    'pass:pass phrase',
    '-out',
    file('out.p12'),
    ...options,
  ];
  const { code, stderr } = await runTool('openssl', args);
  expect(code, stderr).to.equal(0);
  return readFileSync(file('out.p12'));
}

async function expectToSign(credential: Credential, identity: Identity): Promise<void> {
  expect(credential.certificate).to.deep.equal(identity.certificate);
  expect(credential.chain).to.deep.equal([pki.intermediate.certificate, pki.root.certificate]);
  const signature = SIGNATURE_ALGORITHMS[credential.algorithm];
  const { publicKey } = new X509Certificate(identity.certificate);
  expect(isSignedBy(publicKey, readDer(signature), null, data, await credential.sign(data))).to.equal(true);
}

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error).to.be.instanceOf(SigningError);
    expect(error).to.have.property('transient', false);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('pemCredential', () => {
  it('takes RSA and EC keys, finds its certificate and orders the chain', async () => {
    for (const [identity, algorithm] of [
      [rsa, 'rsa-sha256'],
      [pki.signer, 'ecdsa-sha256'],
    ] as const) {
      const certificates = pemOf(pki.root, identity, pki.tsa, pki.intermediate);
      const credential = pemCredential({ key: keyPemOf(identity), certificates });
      expect(credential.algorithm).to.equal(algorithm);
      await expectToSign(credential, identity);
    }
  });

  it('opens an encrypted key with its passphrase only', () => {
    const key = rsa.key.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'あいことば',
    });
    const options = { key: key.toString(), certificates: pemOf(rsa) };
    expect(pemCredential({ ...options, passphrase: 'あいことば' }).certificate).to.deep.equal(
      rsa.certificate,
    );
    expect(refusal(() => pemCredential({ ...options, passphrase: '違う' }))).to.match(
      /private key cannot be read/,
    );
  });

  it('refuses a foreign certificate, a weak key and junk', () => {
    const { privateKey: weak } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = weak.export({ format: 'pem', type: 'pkcs8' }).toString();
    const weakIdentity = issue(pki.root, { name: '弱い鍵' }, weak);
    expect(refusal(() => pemCredential({ key: keyPemOf(rsa), certificates: pemOf(pki.signer) }))).to.match(
      /belongs/,
    );
    expect(refusal(() => pemCredential({ key, certificates: pemOf(weakIdentity) }))).to.match(/2,048 bits/);
    const wide = issue(
      pki.root,
      { name: 'P-521' },
      generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
    );
    expect(refusal(() => pemCredential({ key: keyPemOf(wide), certificates: pemOf(wide) }))).to.match(
      /P-256 or P-384/,
    );
    expect(refusal(() => pemCredential({ key: 'junk', certificates: '' }))).to.match(/cannot be read/);
  });
});

describe('pkcs12Credential', () => {
  it('takes RSA and EC keys from openssl’s files, modern and legacy', async () => {
    await expectToSign(pkcs12Credential(await pkcs12Of(rsa), 'pass phrase'), rsa);
    await expectToSign(pkcs12Credential(await pkcs12Of(pki.signer), 'pass phrase'), pki.signer);
    const legacy = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
    await expectToSign(pkcs12Credential(await pkcs12Of(rsa, legacy), 'pass phrase'), rsa);
  });

  it('refuses a wrong passphrase, a file without a key and junk', async () => {
    const p12 = await pkcs12Of(rsa);
    const keyless = await pkcs12Of(rsa, ['-nokeys']);
    expect(refusal(() => pkcs12Credential(p12, 'wrong'))).to.match(/passphrase is wrong/);
    expect(refusal(() => pkcs12Credential(p12, '違う'))).to.match(/has to be ASCII/);
    expect(refusal(() => pkcs12Credential(keyless, 'pass phrase'))).to.match(/private key cannot be read/);
    expect(refusal(() => pkcs12Credential(Buffer.from('junk'), ''))).to.match(/cannot be opened: damaged/);
    const foreign = await pkcs12Of(rsa, ['-keypbe', 'camellia-256-cbc', '-certpbe', 'camellia-256-cbc']);
    expect(refusal(() => pkcs12Credential(foreign, 'pass phrase'))).to.match(/in a way not supported/);
  });
});

describe('buildSignature', () => {
  const digest = sha256(data);
  const authority = authorityOf(pki.tsa);
  const rejection = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error) => error,
    );

  it('refuses a key that is not the certificate’s before it asks for a timestamp', async () => {
    const credential = { ...credentialOf(pki.signer), sign: credentialOf(pki.tsa).sign };
    const unasked = { timestamp: () => Promise.reject(new Error('asked')) };
    const error = await rejection(buildSignature(digest, credential, unasked));
    expect(error).to.include({ name: 'SigningError', transient: false });
    expect(error.message).to.match(/does not verify/);
  });

  it('refuses a digest of another length', async () => {
    const error = await rejection(buildSignature(Buffer.alloc(20), credentialOf(pki.signer), authority));
    expect(error).to.include({ name: 'SigningError', transient: false });
  });

  it('passes on what the timestamp authority says', async () => {
    const outage = new SigningError('no answer', { transient: true });
    const error = await rejection(
      buildSignature(digest, credentialOf(pki.signer), { timestamp: () => Promise.reject(outage) }),
    );
    expect(error).to.equal(outage);
  });

  it('includes the chain without the root', async () => {
    const credential = credentialOf(pki.signer, pki.intermediate, pki.root);
    const cms = Buffer.from(await buildSignature(digest, credential, authority));
    expect(cms.includes(Buffer.from(pki.signer.certificate))).to.equal(true);
    expect(cms.includes(Buffer.from(pki.intermediate.certificate))).to.equal(true);
    expect(cms.includes(Buffer.from(pki.root.certificate))).to.equal(false);
  });
});

describe('problemsOfCredential', () => {
  const urls = () => revocationExtensions({ ocsp: 'http://ocsp.sample.example.jp/' });
  const named = issue(pki.root, { name: '失効確認できる署名者', extensions: urls() });
  const codesOf = (credential: Credential, at = new Date(), root = pki.root) =>
    problemsOfCredential(credential, { trust: [root.certificate], at }).map(
      (problem) => problem.split(':')[0],
    );

  it('finds nothing against a certificate that leads to the root and can be proven', () => {
    expect(codesOf(credentialOf(named))).to.deep.equal([]);
  });

  it('names every certificate below the root that names no source of proof', () => {
    const chained = credentialOf(pki.signer, pki.intermediate);
    expect(codesOf(chained)).to.deep.equal(['revocation-unprovable', 'revocation-unprovable']);
  });

  it('minds time, trust and purpose', () => {
    expect(codesOf(credentialOf(named), fromNow(20 * 365 * DAY))).to.deep.equal(['validity']);
    expect(codesOf(credentialOf(named), new Date(), issueRoot())).to.deep.equal(['untrusted']);
    const tsa = issue(pki.root, { name: '時刻局', extensions: [...timestampExtensions(), ...urls()] });
    expect(codesOf(credentialOf(tsa))).to.deep.equal(['key-usage']);
    expect(codesOf({ ...credentialOf(named), certificate: Buffer.from('junk') })).to.deep.equal([
      'malformed',
    ]);
  });
});

describe('describeCertificate', () => {
  it('says whose it is, from whom and for how long', () => {
    const described = describeCertificate(pki.signer.certificate);
    const x509 = new X509Certificate(pki.signer.certificate);
    expect(described.subject).to.contain('CN=試験署名者');
    expect(described.issuer).to.contain('CN=試験中間局');
    expect(described.serial).to.equal(x509.serialNumber.toLowerCase());
    expect(described.notAfter).to.deep.equal(new Date(x509.validTo));
  });
});
