/** What a verification at B-T accepts, and every way in which it must refuse. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { bitString } from '../../signing/cms/der.ts';
import { buildSignature, verifySignature } from '../../signing/cms/index.ts';
import { extension, purposeExtension } from '../../signing/credentials/test-authority-pki.ts';
import {
  authorityOf,
  credentialOf,
  DAY,
  fromNow,
  issue,
  issueRoot,
  keyPemOf,
  pemOf,
  timestampExtensions,
  YEAR,
} from '../support/pki.ts';
import { authority, codesOf, contextOf, credential, digest, pki } from '../support/pki-verify.ts';

describe('verifySignature at B-T', () => {
  let cms: Uint8Array;
  before(async () => {
    cms = await buildSignature(digest, credential, authority);
  });

  it('accepts what buildSignature made and names signer and time', async () => {
    const check = await verifySignature(cms, digest, contextOf({}));
    expect(check.problems).to.deep.equal([]);
    expect(check.signer).to.equal('試験署名者');
    expect(check.certificate).to.deep.equal(pki.signer.certificate);
    expect(check.timestamp?.signer).to.equal('試験時刻局');
    expect(Math.abs(check.timestamp!.time!.getTime() - Date.now())).to.be.below(DAY);
  });

  it('lets the zeros of the signature hole follow, and nothing else', async () => {
    expect(await codesOf(Buffer.concat([cms, Buffer.alloc(100)]))).to.deep.equal([]);
    expect(await codesOf(Buffer.concat([cms, Buffer.from([0, 1])]))).to.deep.equal(['malformed']);
  });

  it('refuses a digest of other octets', async () => {
    expect(await codesOf(cms, { digest: sha256(Buffer.from('別の契約書')) })).to.deep.equal([
      'digest-mismatch',
    ]);
  });

  it('refuses a root it was not told to trust, for signer and timestamp alike', async () => {
    const trust = [issueRoot('よそのルート').certificate];
    expect(await codesOf(cms, { trust })).to.deep.equal(['timestamp-invalid: untrusted', 'untrusted']);
  });

  it('refuses a root of the same name with another key', async () => {
    const trust = [issueRoot('試験ルート').certificate];
    expect(await codesOf(cms, { trust })).to.include('untrusted');
  });

  it('refuses any single changed octet', async () => {
    const sound: number[] = [];
    for (let at = 0; at < cms.length; at++) {
      const changed = Uint8Array.from(cms);
      changed[at]! ^= 1;
      if ((await codesOf(changed)).length === 0) sound.push(at);
    }
    expect(sound).to.deep.equal([]);
  });

  it('answers damage of any kind with problems, never with an exception', async () => {
    const damage = fc.record({
      at: fc.nat(cms.length - 1),
      octets: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (damages, cut) => {
          const changed = Uint8Array.from(cms);
          for (const { at, octets } of damages) changed.set(octets.subarray(0, cms.length - at), at);
          fc.pre(Buffer.compare(changed, cms) !== 0);
          const octets = cut ? changed.subarray(0, damages[0]!.at) : changed;
          expect(await codesOf(octets)).to.not.deep.equal([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses the timestamp of another signature', async () => {
    const other = authorityOf(pki.tsa, { digest: sha256(Buffer.from('別の署名')) });
    expect(await codesOf(await buildSignature(digest, credential, other))).to.deep.equal([
      'timestamp-invalid: imprint-mismatch',
    ]);
  });

  it('refuses a timestamp dated well after the moment of the check', async () => {
    const early = authorityOf(pki.tsa, { time: fromNow(DAY) });
    expect(await codesOf(await buildSignature(digest, credential, early))).to.deep.equal([
      'timestamp-invalid: time-order',
    ]);
  });

  it('refuses a timestamp authority without the critical, sole purpose', async () => {
    for (const extensions of [
      [],
      [purposeExtension(OID.timeStamping, false)],
      [purposeExtension(OID.ocspSigning, true)],
    ]) {
      const tsa = issue(pki.root, { name: '用途違い', extensions });
      expect(await codesOf(await buildSignature(digest, credential, authorityOf(tsa)))).to.deep.equal([
        'timestamp-invalid: key-usage',
      ]);
    }
  });

  it('refuses a timestamp authority whose certificate has run out by the moment of the check', async () => {
    expect(await codesOf(cms, { at: fromNow(2 * YEAR) })).to.deep.equal(['timestamp-invalid: validity']);
  });

  it('accepts a signer whose certificate ran out after the timestamp, and refuses one that did before', async () => {
    const tsa = issue(pki.root, {
      name: '長い時刻局',
      notBefore: fromNow(-YEAR),
      notAfter: fromNow(YEAR),
      extensions: timestampExtensions(),
    });
    const signer = issue(pki.root, { name: '短い署名者', notAfter: fromNow(-DAY / 2) });
    const sealedAt = (time: Date) => buildSignature(digest, credentialOf(signer), authorityOf(tsa, { time }));
    expect(await codesOf(await sealedAt(fromNow(-0.75 * DAY)))).to.deep.equal([]);
    expect(await codesOf(await sealedAt(fromNow(-DAY / 4)))).to.deep.equal(['validity']);
  });

  it('refuses a signing certificate meant for something else', async () => {
    const purposes = issue(pki.root, {
      name: '用途違い',
      extensions: [purposeExtension(OID.timeStamping, true)],
    });
    const keyEncipherment = extension(OID.keyUsage, bitString(Uint8Array.of(0b00100000), 5), true);
    const usage = issue(pki.root, { name: '用法違い', extensions: [keyEncipherment] });
    for (const signer of [purposes, usage])
      expect(await codesOf(await buildSignature(digest, credentialOf(signer), authority))).to.deep.equal([
        'key-usage',
      ]);
  });

  it('refuses a certificate issued by one that is no authority', async () => {
    const below = issue(pki.signer, { name: '孫' });
    const forged = credentialOf(below, pki.signer, pki.intermediate);
    expect(await codesOf(await buildSignature(digest, forged, authority))).to.not.deep.equal([]);
  });

  it('refuses a critical extension it does not understand', async () => {
    const signer = issue(pki.root, {
      name: '未知',
      extensions: [extension('2.999.7', bitString(Uint8Array.of(1)), true)],
    });
    expect(await codesOf(await buildSignature(digest, credentialOf(signer), authority))).to.deep.equal([
      'certificate',
    ]);
  });

  it('says what is wrong with octets that are no CMS', async () => {
    const check = await verifySignature(Buffer.from('%PDF'), digest, contextOf({}));
    expect(check.problems.join()).to.match(/^malformed: /);
    expect(check.signer).to.equal(null);
  });
});

describe('verifySignature of what openssl signed', () => {
  let directory: string;
  const content = Buffer.from('契約書');
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'cms-'));
    writeFileSync(join(directory, 'content'), content);
    writeFileSync(join(directory, 'signer.pem'), keyPemOf(pki.signer) + pemOf(pki.signer));
    writeFileSync(join(directory, 'chain.pem'), pemOf(pki.intermediate));
    writeFileSync(join(directory, 'tsa.pem'), keyPemOf(pki.tsa) + pemOf(pki.tsa));
  });
  after(() => rmSync(directory, { recursive: true }));

  function opensslSign(...options: string[]): Uint8Array {
    const args = [
      '-in',
      'content',
      '-signer',
      'signer.pem',
      '-certfile',
      'chain.pem',
      '-outform',
      'DER',
      '-out',
      'cms',
    ];
    execFileSync('openssl', ['cms', '-sign', '-binary', '-md', 'sha256', ...args, ...options], {
      cwd: directory,
    });
    return readFileSync(join(directory, 'cms'));
  }

  it('misses only the timestamp, and minds the signing time', async () => {
    expect(await codesOf(opensslSign('-cades'))).to.deep.equal(['signing-time', 'timestamp-missing']);
  });

  it('minds a missing ESS attribute', async () => {
    expect(await codesOf(opensslSign())).to.include('ess-mismatch');
  });

  it('minds content that is not detached', async () => {
    expect(await codesOf(opensslSign('-cades', '-nodetach'))).to.include('content');
  });

  it('minds a signature without signed attributes, and one by two signers', async () => {
    expect(await codesOf(opensslSign('-noattr'))).to.deep.equal(['malformed']);
    expect(await codesOf(opensslSign('-cades', '-signer', 'tsa.pem'))).to.deep.equal(['malformed']);
  });

  it('minds a certificate that is not included', async () => {
    expect(await codesOf(opensslSign('-cades', '-nocerts'))).to.include('signer-missing');
  });

  it('minds a weak digest', async () => {
    const weak = opensslSign('-cades', '-md', 'sha1');
    expect(await codesOf(weak, { digest: Buffer.alloc(20) })).to.include('algorithm');
  });
});
