import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { bitString } from '../../signing/cms/der.ts';
import {
  buildSignature,
  collectValidationData,
  verifySignature,
  verifyTimestamp,
} from '../../signing/cms/index.ts';
import {
  extension,
  noCheckExtension,
  purposeExtension,
} from '../../signing/credentials/test-authority-pki.ts';
import type { ValidationData, VerificationProfile } from '../../signing/ports.ts';
import {
  authorityOf,
  credentialOf,
  crlOf,
  DAY,
  fromNow,
  good,
  issue,
  issuePki,
  issueRoot,
  keyPemOf,
  ocspAnswer,
  pemOf,
  revoked,
  timestampExtensions,
  YEAR,
} from '../support/pki.ts';

const digest = sha256(Buffer.from('契約書'));
const pki = issuePki();
const credential = credentialOf(pki.signer, pki.intermediate, pki.root);
const authority = authorityOf(pki.tsa);
const NOTHING: ValidationData = { certificates: [], ocspResponses: [], crls: [] };

interface Change {
  readonly digest?: Uint8Array;
  readonly trust?: readonly Uint8Array[];
  readonly data?: ValidationData;
  readonly at?: Date;
  readonly profile?: VerificationProfile;
  readonly covered?: boolean;
}

const contextOf = (change: Change) => ({
  trust: [pki.root.certificate],
  data: NOTHING,
  at: new Date(),
  profile: 'B-T' as const,
  ...change,
});

/** The codes of what verifySignature finds. */
async function codesOf(cms: Uint8Array, change: Change = {}): Promise<string[]> {
  const check = await verifySignature(cms, change.digest ?? digest, contextOf(change));
  return check.problems.map((problem) => problem.replace(/^(timestamp-invalid: [a-z-]+|[a-z-]+):.*$/s, '$1'));
}

/** Good OCSP answers for everything in the PKI, `replaced` by others. */
function proof(
  replaced: Partial<Record<'signer' | 'intermediate' | 'tsa', Uint8Array[]>> = {},
): ValidationData {
  const answers = {
    signer: [ocspAnswer(pki.signer, pki.intermediate, pki.intermediateResponder)],
    intermediate: [ocspAnswer(pki.intermediate, pki.root, pki.rootResponder)],
    tsa: [ocspAnswer(pki.tsa, pki.root, pki.rootResponder)],
    ...replaced,
  };
  return { ...NOTHING, ocspResponses: Object.values(answers).flat() };
}

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
  }).timeout(60_000);

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

describe('verifySignature at B-LTA', () => {
  let cms: Uint8Array;
  const profile = 'B-LTA' as const;
  before(async () => {
    cms = await buildSignature(digest, credential, authority);
  });

  it('accepts good answers issued after the timestamp', async () => {
    expect(await codesOf(cms, { profile, data: proof() })).to.deep.equal([]);
  });

  it('accepts CRLs in place of OCSP', async () => {
    const data = { ...NOTHING, crls: [crlOf(pki.root), crlOf(pki.intermediate)] };
    expect(await codesOf(cms, { profile, data })).to.deep.equal([]);
  });

  for (const missing of ['signer', 'intermediate', 'tsa'] as const)
    it(`misses the answer for the ${missing}`, async () => {
      expect(await codesOf(cms, { profile, data: proof({ [missing]: [] }) })).to.deep.equal([
        missing === 'tsa' ? 'timestamp-invalid: revocation-unproven' : 'revocation-unproven',
      ]);
    });

  it('does not count an answer older than the timestamp', async () => {
    const old = ocspAnswer(pki.signer, pki.intermediate, pki.intermediateResponder, good(fromNow(-DAY / 2)));
    expect(await codesOf(cms, { profile, data: proof({ signer: [old] }) })).to.deep.equal([
      'revocation-unproven',
    ]);
    const data = { ...proof({ signer: [] }), crls: [crlOf(pki.intermediate, fromNow(-DAY / 2))] };
    expect(await codesOf(cms, { profile, data })).to.deep.equal(['revocation-unproven']);
  });

  it('minds a revocation before the timestamp even beside a good answer', async () => {
    const { signer } = pki;
    const bad = ocspAnswer(signer, pki.intermediate, pki.intermediateResponder, revoked(fromNow(-DAY / 2)));
    const fine = ocspAnswer(signer, pki.intermediate, pki.intermediateResponder);
    expect(await codesOf(cms, { profile, data: proof({ signer: [fine, bad] }) })).to.deep.equal(['revoked']);
    const listed = { ...proof(), crls: [crlOf(pki.intermediate, fromNow(-DAY / 2), [signer])] };
    expect(await codesOf(cms, { profile, data: listed })).to.deep.equal(['revoked']);
  });

  it('believes only the issuer and whom the issuer appointed', async () => {
    const { signer, intermediate, root } = pki;
    const strangers = [
      pki.rootResponder,
      issue(intermediate, { name: '任命なし' }),
      issue(issueRoot(), {
        name: '偽応答局',
        extensions: [purposeExtension(OID.ocspSigning, false), noCheckExtension()],
      }),
      root,
    ];
    for (const stranger of strangers)
      expect(
        await codesOf(cms, {
          profile,
          data: proof({ signer: [ocspAnswer(signer, intermediate, stranger)] }),
        }),
      ).to.deep.equal(['revocation-unproven']);
    const own = ocspAnswer(signer, intermediate, intermediate);
    expect(await codesOf(cms, { profile, data: proof({ signer: [own] }) })).to.deep.equal([]);
  });

  it('wants proof for a responder that is not exempt from it', async () => {
    const responder = issue(pki.intermediate, {
      name: '要確認応答局',
      extensions: [purposeExtension(OID.ocspSigning, false)],
    });
    const signer = [ocspAnswer(pki.signer, pki.intermediate, responder)];
    expect(await codesOf(cms, { profile, data: proof({ signer }) })).to.deep.equal(['revocation-unproven']);
    const itself = ocspAnswer(responder, pki.intermediate, responder);
    expect(await codesOf(cms, { profile, data: proof({ signer: [...signer, itself] }) })).to.deep.equal([
      'revocation-unproven',
    ]);
    const issuerOnIt = ocspAnswer(responder, pki.intermediate, pki.intermediate);
    expect(await codesOf(cms, { profile, data: proof({ signer: [...signer, issuerOnIt] }) })).to.deep.equal(
      [],
    );
  });

  it('refuses a CRL that another key signed under the issuer’s name', async () => {
    const impostor = issue(pki.root, { name: '試験中間局' });
    const data = { ...proof({ signer: [] }), crls: [crlOf(impostor)] };
    expect(await codesOf(cms, { profile, data })).to.deep.equal(['revocation-unproven']);
  });

  it('passes over answers that cannot be read', async () => {
    const data = { ...proof(), crls: [Buffer.from('junk')], certificates: [Buffer.from('junk')] };
    expect(await codesOf(cms, { profile, data })).to.deep.equal([]);
  });
});

describe('verifyTimestamp', () => {
  const profile = 'B-LTA' as const;

  it('asks of a covered document timestamp for answers issued after it, of the newest for any', async () => {
    const { der } = await authority.timestamp(digest);
    const earlier = ocspAnswer(pki.tsa, pki.root, pki.rootResponder, good(fromNow(-DAY / 2)));
    const data = proof({ tsa: [earlier] });
    expect((await verifyTimestamp(der, digest, contextOf({ profile, data }))).problems).to.deep.equal([]);
    const check = await verifyTimestamp(der, digest, contextOf({ profile, data, covered: true }));
    expect(check.problems.join()).to.match(/^revocation-unproven: /);
    expect(check.signer).to.equal('試験時刻局');
  });

  it('refuses a token over other octets, and a signature in place of a token', async () => {
    const { der } = await authority.timestamp(digest);
    const other = await verifyTimestamp(der, sha256(der), contextOf({}));
    expect(other.problems.join()).to.match(/^imprint-mismatch: /);
    const signature = await buildSignature(digest, credential, authority);
    const wrongKind = await verifyTimestamp(signature, digest, contextOf({}));
    expect(wrongKind.problems.join()).to.match(/^malformed: /);
    expect(wrongKind.time).to.equal(null);
  });
});

describe('collectValidationData', () => {
  it('asks once for each certificate, for answers after the newest signature timestamp', async () => {
    const times = [fromNow(-2 * 3_600_000), fromNow(-3_600_000)];
    const signatures = await Promise.all(
      times.map((time) => buildSignature(digest, credential, authorityOf(pki.tsa, { time }))),
    );
    const probe = await authority.timestamp(digest);
    const asked: { certificate: Uint8Array; issuer: Uint8Array; since: number }[] = [];
    const data = await collectValidationData(signatures, [probe.der], {
      trust: [pki.root.certificate],
      revocation: {
        async prove(certificate, issuer, notBefore) {
          asked.push({ certificate, issuer, since: notBefore.getTime() });
          return { ...NOTHING, crls: [Buffer.from('the same list')] };
        },
      },
    });
    const newest = Math.floor(times[1]!.getTime() / 1000) * 1000;
    expect(asked).to.have.deep.members([
      { certificate: pki.signer.certificate, issuer: pki.intermediate.certificate, since: newest },
      { certificate: pki.intermediate.certificate, issuer: pki.root.certificate, since: newest },
      { certificate: pki.tsa.certificate, issuer: pki.root.certificate, since: newest },
    ]);
    expect(data.crls).to.have.length(1);
    expect(data.certificates).to.have.deep.members(
      [pki.signer, pki.intermediate, pki.tsa, pki.root].map(({ certificate }) => certificate),
    );
  });

  it('refuses permanently what leads to no trust root', async () => {
    const cms = await buildSignature(digest, credential, authority);
    const revocation = { prove: async () => NOTHING };
    const outcome = await collectValidationData([cms], [], {
      trust: [issueRoot().certificate],
      revocation,
    }).then(
      () => null,
      (error) => error,
    );
    expect(outcome).to.include({ name: 'SigningError', transient: false });
    expect(outcome.message).to.match(/untrusted/);
  });
});
