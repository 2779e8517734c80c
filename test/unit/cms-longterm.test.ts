/** What a verification at B-LTA asks of OCSP answers and CRLs beside the signature (ETSI EN 319 142-1 §6). */
import { expect } from 'chai';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { buildSignature, collectValidationData, verifyTimestamp } from '../../signing/cms/index.ts';
import { noCheckExtension, purposeExtension } from '../../signing/credentials/test-authority-pki.ts';
import type { ValidationData } from '../../signing/ports.ts';
import {
  authorityOf,
  crlOf,
  DAY,
  fromNow,
  good,
  issue,
  issueRoot,
  ocspAnswer,
  revoked,
} from '../support/pki.ts';
import { authority, codesOf, contextOf, credential, digest, NOTHING, pki } from '../support/pki-verify.ts';

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

  it('takes a revocation that came after the timestamp for proof that there was none by then', async () => {
    const { intermediate, intermediateResponder: responder } = pki;
    const time = fromNow(-DAY / 4);
    const old = await buildSignature(digest, credential, authorityOf(pki.tsa, { time }));
    const answer = (at: Date) => ocspAnswer(pki.signer, intermediate, responder, revoked(at));
    const judged = (signer: Uint8Array[]) => codesOf(old, { profile, data: proof({ signer }) });
    expect(await judged([answer(fromNow(-DAY / 8))])).to.deep.equal([]);
    expect(await judged([answer(time)])).to.deep.equal(['revoked']);
    const ahead = { ...good(fromNow(-DAY / 2)), revokedAt: fromNow(-DAY / 8) };
    expect(
      await judged([ocspAnswer(pki.signer, intermediate, responder, ahead)]),
      'given too early',
    ).to.deep.equal(['revocation-unproven']);
    const listed = { ...proof({ signer: [] }), crls: [crlOf(intermediate, fromNow(-DAY / 8), [pki.signer])] };
    expect(await codesOf(old, { profile, data: listed })).to.deep.equal([]);
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
    const asked: { certificate: Uint8Array; issuer: Uint8Array; since: number; usedAt: number | null }[] = [];
    const data = await collectValidationData(signatures, [probe.der], {
      trust: [pki.root.certificate],
      revocation: {
        async prove(certificate, issuer, notBefore, usedAt) {
          asked.push({ certificate, issuer, since: notBefore.getTime(), usedAt: usedAt?.getTime() ?? null });
          return { ...NOTHING, crls: [Buffer.from('the same list')] };
        },
      },
    });
    const newest = Math.floor(times[1]!.getTime() / 1000) * 1000;
    expect(asked).to.have.deep.members([
      {
        certificate: pki.signer.certificate,
        issuer: pki.intermediate.certificate,
        since: newest,
        usedAt: newest,
      },
      {
        certificate: pki.intermediate.certificate,
        issuer: pki.root.certificate,
        since: newest,
        usedAt: newest,
      },
      // A timestamp proves itself only once another one covers it.
      { certificate: pki.tsa.certificate, issuer: pki.root.certificate, since: newest, usedAt: null },
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
