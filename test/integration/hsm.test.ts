/** A key in an HSM (SoftHSM2): found, used, lost and found again, and never tried with a refused PIN twice (R52). */
import { X509Certificate } from 'node:crypto';
import { mock } from 'node:test';
import { expect } from 'chai';
import pkcs11js from 'pkcs11js';
import { isSignedBy, SIGNATURE_ALGORITHMS } from '../../signing/cms/algorithms.ts';
import { readDer } from '../../signing/cms/der.ts';
import { type Pkcs11CredentialOptions, pkcs11Credential } from '../../signing/credentials/index.ts';
import { openLibrary } from '../../signing/credentials/pkcs11-library.ts';
import type { Identity } from '../../signing/credentials/test-authority-pki.ts';
import type { Credential } from '../../signing/ports.ts';
import { issue, issuePki, issueRsa, pemOf } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';
import { openSoftHsm, PIN, SOFTHSM_MODULE, type SoftHsm } from '../support/softhsm.ts';
import { runTool } from '../support/system.ts';

const pki = issuePki();
const data = Buffer.from('署名される属性');

describe('a key in an HSM', () => {
  let hsm: SoftHsm;
  let rsa: Identity;
  const opened: { close(): Promise<void> }[] = [];

  before(async () => {
    hsm = openSoftHsm();
    rsa = issueRsa(pki.intermediate, 'RSA署名者', 2048);
    await hsm.initToken('mihon');
    await hsm.importKey('mihon', rsa, 'seal-rsa', 'a1');
    await hsm.importKey('mihon', pki.signer, 'seal-ec', 'a2');
    hsm.importCertificates('mihon', pki.root, pki.signer, pki.intermediate, rsa);
  });
  afterEach(async () => {
    for (const credential of opened.splice(0)) await credential.close();
  });
  after(() => hsm.close());

  const optionsOf = (changes: Partial<Pkcs11CredentialOptions>): Pkcs11CredentialOptions => ({
    module: SOFTHSM_MODULE,
    patienceSeconds: 45,
    tokenLabel: 'mihon',
    slot: null,
    pin: PIN,
    keyLabel: null,
    keyId: null,
    certificates: null,
    ...changes,
  });
  async function open(changes: Partial<Pkcs11CredentialOptions>) {
    const credential = await pkcs11Credential(optionsOf(changes));
    opened.push(credential);
    return credential;
  }
  const refusal = async (changes: Partial<Pkcs11CredentialOptions>) =>
    (await rejection(open(changes))) as Error & { transient: boolean };

  async function expectToSign(credential: Credential, identity: Identity): Promise<void> {
    expect(Buffer.from(credential.certificate).equals(identity.certificate)).to.equal(true);
    const signature = SIGNATURE_ALGORITHMS[credential.algorithm];
    const { publicKey } = new X509Certificate(identity.certificate);
    expect(isSignedBy(publicKey, readDer(signature), null, data, await credential.sign(data))).to.equal(true);
  }

  it('signs with RSA and EC keys, by label or id, with the certificates on the token or in a file', async () => {
    const certificates = pemOf(pki.root, rsa, pki.intermediate);
    for (const [changes, identity] of [
      [{ keyLabel: 'seal-rsa' }, rsa],
      [{ keyId: 'a2' }, pki.signer],
      [{ keyLabel: 'seal-rsa', keyId: 'a1', certificates }, rsa],
    ] as const) {
      const credential = await open(changes);
      await expectToSign(credential, identity);
      expect(credential.chain.map((der) => new X509Certificate(der).subject)).to.deep.equal(
        [pki.intermediate, pki.root].map(({ certificate }) => new X509Certificate(certificate).subject),
      );
    }
  });

  it('signs for many at once, two keys of one token among them', async () => {
    const [first, second] = [await open({ keyLabel: 'seal-rsa' }), await open({ keyLabel: 'seal-ec' })];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 ? expectToSign(first, rsa) : expectToSign(second, pki.signer),
      ),
    );
    await first.close();
    opened.splice(0, 1);
    await expectToSign(second, pki.signer);
  });

  it('logs in again when its sessions are gone', async () => {
    const credential = await open({ keyLabel: 'seal-rsa' });
    hsm.beside('mihon', (pkcs11, slot) => pkcs11.C_CloseAllSessions(slot));
    await expectToSign(credential, rsa);
  });

  it('waits for a token that is away, and signs when it is back', async () => {
    const credential = await open({ keyLabel: 'seal-ec' });
    hsm.unplug();
    const error = (await rejection(credential.sign(data))) as Error;
    expect(error).to.include({ name: 'SigningError', transient: true, awaits: 'key' });
    expect(error.message).to.equal('the HSM has no token labelled "mihon" now');
    hsm.plug();
    await expectToSign(credential, pki.signer);
  });

  it('refuses a wrong PIN for good, and sends it once only', async () => {
    const failed = () =>
      hsm.beside(
        'mihon',
        (pkcs11, slot) => pkcs11.C_GetTokenInfo(slot).flags & pkcs11js.CKF_USER_PIN_COUNT_LOW,
      );
    expect(failed()).to.equal(0);
    const error = await refusal({ pin: 'wrong', keyLabel: 'seal-rsa' });
    expect(error).to.include({ name: 'SigningError', transient: false });
    expect(error.message).to.equal('the HSM refuses the PIN (CKR_PIN_INCORRECT)');
    expect(failed()).not.to.equal(0);
    await expectToSign(await open({ keyLabel: 'seal-rsa' }), rsa);
  });

  it('never sends a PIN again that was refused once, for none of its keys, though it be right again', async () => {
    await hsm.initToken('changing');
    await hsm.importKey('changing', rsa, 'first', 'c1');
    await hsm.importKey('changing', pki.signer, 'second', 'c2');
    const changePin = (from: string, to: string) =>
      hsm.beside('changing', (pkcs11, slot) => {
        const session = pkcs11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
        pkcs11.C_SetPIN(session, from, to);
        pkcs11.C_CloseAllSessions(slot);
      });
    const choice = { tokenLabel: 'changing', certificates: pemOf(rsa, pki.signer) };
    const credential = await open({ ...choice, keyLabel: 'first' });
    changePin(PIN, 'changed-pin');
    expect(await rejection(credential.sign(data))).to.include({ transient: false });
    changePin('changed-pin', PIN);
    expect(await rejection(credential.sign(data))).to.include({ transient: false });
    expect((await refusal({ ...choice, keyLabel: 'second' })).message).to.match(/refuses the PIN/);
  });

  it('refuses what it cannot choose or does not find', async () => {
    for (const [changes, message] of [
      [{}, 'the token has 2 private keys'],
      [{ keyLabel: 'none' }, 'the token has no private key labelled "none"'],
      [{ keyId: 'ff' }, 'the token has no private key with id ff'],
      [{ keyLabel: 'seal-rsa', certificates: pemOf(pki.signer) }, /^none of the certificates belongs/],
      [{ module: '/nowhere/lib.so' }, '/nowhere/lib.so cannot be loaded as a PKCS#11 library'],
    ] as const) {
      const error = await refusal(changes);
      expect(error).to.include({ name: 'SigningError', transient: false });
      expect(error.message).to.match(typeof message === 'string' ? new RegExp(`^${message}$`) : message);
    }
    const absent = await refusal({ tokenLabel: 'elsewhere' });
    expect(absent).to.include({ transient: true, message: 'the HSM has no token labelled "elsewhere" now' });
  });

  it('is not waited for for ever, and does not sign later what nobody waits for any more', async () => {
    const credential = await open({ keyLabel: 'seal-rsa' });
    const library = await openLibrary(SOFTHSM_MODULE, 45);
    opened.push({ close: () => library.leave() });
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let answer = (): void => {};
      const hanging = rejection(
        library.exclusively(
          () =>
            new Promise<void>((resolve) => {
              answer = resolve;
            }),
        ),
      );
      let begun = false;
      const behind = rejection(
        library.exclusively(() => {
          begun = true;
        }),
      );
      const signing = rejection(credential.sign(data));
      mock.timers.tick(45_000);
      for (const error of [await hanging, await behind, await signing]) {
        expect(error).to.include({ transient: true, message: 'the HSM has not answered for 45 seconds' });
      }
      answer();
      await expectToSign(credential, rsa);
      expect(begun).to.equal(false);
    } finally {
      mock.timers.reset();
    }
  });

  it('brings its native module along only where there is one', async () => {
    const face = new URL('../../signing/credentials/index.ts', import.meta.url).href;
    const loaded = async (work: string): Promise<string> => {
      const script = `
        import { createRequire } from 'node:module';
        const face = await import('${face}');
        ${work}
        const { cache } = createRequire('${face}');
        console.log(Object.keys(cache).some((path) => path.includes('pkcs11js')));`;
      const { code, stdout, stderr } = await runTool('node', [
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        script,
      ]);
      expect(code, stderr).to.equal(0);
      return stdout.toString().trim();
    };
    expect(await loaded('')).to.equal('false');
    expect(await loaded(`await face.pkcs11Credential({ module: '/nowhere.so' }).catch(() => {});`)).to.equal(
      'true',
    );
  });

  it('refuses a weak key and a key whose public half the token keeps to itself', async () => {
    await hsm.initToken('weak');
    const weak = issueRsa(pki.root, '弱い鍵', 1024);
    await hsm.importKey('weak', weak, 'weak', 'b1');
    const halved = issue(pki.root, { name: '片割れ' });
    await hsm.importKey('weak', halved, 'halved', 'b2', ['--no-public-key']);
    const certificates = pemOf(weak, halved);
    expect((await refusal({ tokenLabel: 'weak', keyLabel: 'weak', certificates })).message).to.match(
      /2,048 bits/,
    );
    expect((await refusal({ tokenLabel: 'weak', keyLabel: 'halved', certificates })).message).to.match(
      /needs a public key object/,
    );
  });
});
