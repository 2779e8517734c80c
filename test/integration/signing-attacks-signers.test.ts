/**
 * Signatures that are none: of the wrong person, at the wrong time, with somebody else's timestamp or with proofs that
 * prove nothing, in files that are otherwise as ours (ETSI EN 319 102-1 5.2, 5.5, RFC 3161 2.2, RFC 6960 3.2).
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { buildSignature } from '../../signing/cms/index.ts';
import { purposeExtension, signingKeyUsage } from '../../signing/credentials/test-authority-pki.ts';
import {
  bytesSource,
  conclude,
  consentField,
  prepare,
  type Verdict,
  type VerificationReport,
  verify,
} from '../../signing/index.ts';
import { replaced, signedBy } from '../support/forging.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { rawSignatures, stampFont, withFiles } from '../support/pdf-tools.ts';
import {
  authorityOf,
  credentialOf,
  DAY,
  fromNow,
  good,
  issue,
  issueRoot,
  keyPemOf,
  ocspAnswer,
  pemOf,
  revoked,
  timestampExtensions,
} from '../support/pki.ts';
import { pki } from '../support/pki-verify.ts';

type Sign = (digest: Uint8Array) => Promise<Uint8Array> | Uint8Array;

const FIELD = consentField(1);
const TRUST = [pki.root.certificate];
const tsa = authorityOf(pki.tsa);
const chain = [pki.intermediate, pki.root] as const;

type Proofs = Readonly<Record<'signer' | 'intermediate' | 'tsa', readonly Uint8Array[]>>;

/** Good answers on everything, but what `other` says instead. */
function answers(other: Partial<Proofs> = {}): Proofs {
  return {
    signer: [onSigner(good())],
    intermediate: [ocspAnswer(pki.intermediate, pki.root, pki.rootResponder)],
    tsa: [ocspAnswer(pki.tsa, pki.root, pki.rootResponder)],
    ...other,
  };
}

function onSigner(status: ReturnType<typeof good>): Uint8Array {
  return ocspAnswer(pki.signer, pki.intermediate, pki.intermediateResponder, status);
}

describe('signing: signers and proofs that verification refuses', () => {
  let prepared: Uint8Array;

  before(async () => {
    const upload = buildPdf(onePage()).bytes;
    const options = { stamp: '契約ID 2026-0123', fields: [FIELD], fonts: [stampFont()] };
    const { bytes } = await prepare(bytesSource(upload), options);
    prepared = Buffer.concat([upload, bytes]);
  });

  const signedWith = (sign: Sign): Promise<Buffer> => signedBy(prepared, FIELD, sign);
  const byOurs: Sign = (digest) => buildSignature(digest, credentialOf(pki.signer, ...chain), tsa);

  async function closedWith(file: Uint8Array, proofs = answers()): Promise<Buffer> {
    const { bytes } = await conclude(bytesSource(file), {
      timestampAuthority: tsa,
      revocation: {
        async prove(certificate) {
          const about = (['signer', 'intermediate', 'tsa'] as const).find((name) =>
            Buffer.from(certificate).equals(pki[name].certificate),
          );
          return { certificates: [], ocspResponses: about ? proofs[about] : [], crls: [] };
        },
      },
      trust: TRUST,
    });
    return Buffer.concat([file, bytes]);
  }

  async function judged(
    file: Uint8Array,
    profile: 'B-T' | 'B-LTA',
    verdict: Verdict,
    why: RegExp,
  ): Promise<VerificationReport> {
    const report = await verify(bytesSource(file), { trust: TRUST, profile, at: new Date() });
    const problems = [...report.problems, ...report.signatures.flatMap((signature) => signature.problems)];
    expect(problems.join('\n')).to.match(why);
    expect(report).to.include({ valid: false, verdict });
    return report;
  }

  it('but not what they are measured against', async () => {
    const signed = await signedWith(byOurs);
    for (const [file, profile] of [
      [signed, 'B-T'],
      [await closedWith(signed), 'B-LTA'],
    ] as const) {
      const report = await verify(bytesSource(file), { trust: TRUST, profile, at: new Date() });
      expect(report.signatures.flatMap(({ problems }) => problems)).to.deep.equal([]);
      expect(report).to.include({ valid: true, verdict: 'valid' });
    }
  });

  describe('signatures', () => {
    const rows: readonly { what: string; sign: Sign; verdict: Verdict; why: RegExp }[] = [
      {
        what: 'under a root that nobody trusts',
        sign: (digest) => {
          const root = issueRoot('よそのルート');
          const stranger = issue(root, { name: '試験署名者', extensions: [signingKeyUsage(true)] });
          return buildSignature(digest, credentialOf(stranger, root), tsa);
        },
        verdict: 'signer-unproven',
        why: /^untrusted/m,
      },
      {
        what: 'of a certificate that had run out',
        sign: (digest) => {
          const late = issue(pki.root, { name: '期限切れ', notAfter: fromNow(-DAY / 2) });
          return buildSignature(digest, credentialOf(late, pki.root), tsa);
        },
        verdict: 'signer-unproven',
        why: /^validity/m,
      },
      {
        what: 'of a certificate that was not yet valid',
        sign: (digest) => {
          const early = issue(pki.root, { name: '期間前', notBefore: fromNow(DAY) });
          return buildSignature(digest, credentialOf(early, pki.root), tsa);
        },
        verdict: 'signer-unproven',
        why: /^validity/m,
      },
      {
        what: 'of a certificate for other purposes',
        sign: (digest) => {
          const extensions = [purposeExtension(OID.ocspSigning, false)];
          return buildSignature(digest, credentialOf(issue(pki.root, { name: '用途違い', extensions })), tsa);
        },
        verdict: 'signer-unproven',
        why: /^key-usage/m,
      },
      {
        what: 'with the timestamp of another signature (replay)',
        sign: (digest) =>
          buildSignature(
            digest,
            credentialOf(pki.signer, ...chain),
            authorityOf(pki.tsa, { digest: sha256(Buffer.from('別の署名')) }),
          ),
        verdict: 'altered',
        why: /^timestamp-invalid: imprint-mismatch/m,
      },
      {
        what: 'with a timestamp by an authority under another root',
        sign: (digest) => {
          const root = issueRoot('よそのルート');
          const foreign = issue(root, { name: '試験時刻局', extensions: timestampExtensions() });
          return buildSignature(digest, credentialOf(pki.signer, ...chain), authorityOf(foreign));
        },
        verdict: 'signer-unproven',
        why: /^timestamp-invalid: untrusted/m,
      },
      {
        what: 'with a timestamp by somebody who is no timestamp authority',
        sign: (digest) => buildSignature(digest, credentialOf(pki.signer, ...chain), authorityOf(pki.signer)),
        verdict: 'signer-unproven',
        why: /^timestamp-invalid: (key-usage|untrusted)/m,
      },
      {
        what: 'with a timestamp of tomorrow',
        sign: (digest) =>
          buildSignature(
            digest,
            credentialOf(pki.signer, ...chain),
            authorityOf(pki.tsa, { time: fromNow(DAY) }),
          ),
        verdict: 'unjudged',
        why: /^timestamp-invalid: time-order/m,
      },
      {
        what: 'with a certificate put in the place of the signer’s (substitution)',
        sign: async (digest) => {
          const der = Buffer.from(await byOurs(digest));
          // Same issuer, serial number and key: only the ESS attribute tells.
          const genuine = Buffer.from(pki.signer.certificate);
          const at = der.indexOf(genuine);
          const name = Buffer.from('試験署名者');
          const place = genuine.lastIndexOf(name);
          Buffer.from('偽物署名者').copy(der, at + place);
          return der;
        },
        verdict: 'altered',
        why: /^ess-mismatch/m,
      },
      {
        what: 'that are no CMS',
        sign: () => Uint8Array.of(0x30, 3, 2, 1, 5),
        verdict: 'altered',
        why: /^malformed/m,
      },
    ];
    for (const { what, sign, verdict, why } of rows) {
      it(what, async () => {
        await judged(await signedWith(sign), 'B-T', verdict, why);
      });
    }

    for (const [what, options, verdict, why] of [
      ['with a signing time and without a timestamp', ['-cades'], 'altered', /^signing-time/m],
      ['without an ESS attribute', [], 'altered', /^ess-mismatch/m],
      ['with SHA-1', ['-cades', '-md', 'sha1'], 'altered', /^algorithm|digest-mismatch/m],
      [
        'over another type of content',
        ['-cades', '-econtent_type', '1.2.840.113549.1.9.16.1.4'],
        'altered',
        /^content-type/m,
      ],
      ['with the content inside', ['-cades', '-nodetach'], 'altered', /^content:/m],
      ['without signed attributes', ['-noattr'], 'altered', /^malformed/m],
      ['by two signers', ['-cades', '-signer', 'second.pem'], 'altered', /^malformed/m],
    ] as const) {
      it(`${what}, made by openssl`, async () => {
        await judged(await signedByOpenssl(options), 'B-T', verdict, why);
      });
    }

    /** openssl hashes the covered octets itself, so they are laid out once with an empty signature. */
    async function signedByOpenssl(options: readonly string[]): Promise<Buffer> {
      const blank = await signedWith(() => new Uint8Array(0));
      const [, length, resume] = rawSignatures(blank)[0]!.range as [number, number, number];
      const content = Buffer.concat([blank.subarray(0, length), blank.subarray(resume)]);
      const files = {
        content,
        'signer.pem': keyPemOf(pki.signer) + pemOf(pki.signer),
        'second.pem': keyPemOf(pki.tsa) + pemOf(pki.tsa),
        'chain.pem': pemOf(pki.intermediate),
      };
      const der = withFiles(files, (folder) => {
        const args = ['-in', 'content', '-signer', 'signer.pem', '-certfile', 'chain.pem', '-outform', 'DER'];
        const md = options.includes('-md') ? [] : ['-md', 'sha256'];
        execFileSync('openssl', ['cms', '-sign', '-binary', ...md, ...args, '-out', 'cms', ...options], {
          cwd: folder,
        });
        return readFileSync(join(folder, 'cms'));
      });
      const filled = Buffer.from(blank);
      filled.write(der.toString('hex'), length + 1, 'latin1');
      return filled;
    }
  });

  describe('proofs in the file', () => {
    const rows: readonly {
      what: string;
      proofs: ReturnType<typeof answers>;
      why: RegExp;
    }[] = [
      { what: 'none on the signer', proofs: answers({ signer: [] }), why: /^revocation-unproven/m },
      {
        what: 'none on the issuer of the signer',
        proofs: answers({ intermediate: [] }),
        why: /^revocation-unproven/m,
      },
      {
        what: 'none on the timestamp authority',
        proofs: answers({ tsa: [] }),
        why: /^timestamp-invalid: revocation-unproven/m,
      },
      {
        what: 'an answer older than the timestamp',
        proofs: answers({ signer: [onSigner(good(fromNow(-DAY / 2)))] }),
        why: /^revocation-unproven/m,
      },
      {
        what: 'an answer on another certificate',
        proofs: answers({ signer: [ocspAnswer(pki.tsa, pki.root, pki.rootResponder)] }),
        why: /^revocation-unproven/m,
      },
      {
        what: 'an answer by a responder of another authority',
        proofs: answers({ signer: [ocspAnswer(pki.signer, pki.intermediate, pki.rootResponder)] }),
        why: /^revocation-unproven/m,
      },
      {
        what: 'an answer that the signer was revoked before he signed, even beside a good one',
        proofs: answers({ signer: [onSigner(good()), onSigner(revoked(fromNow(-DAY / 2)))] }),
        why: /^revoked/m,
      },
      {
        what: 'an answer that the timestamp authority was revoked before',
        proofs: answers({
          tsa: [ocspAnswer(pki.tsa, pki.root, pki.rootResponder, revoked(fromNow(-DAY / 2)))],
        }),
        why: /revoked/m,
      },
    ];
    for (const { what, proofs, why } of rows) {
      it(what, async () => {
        const file = await closedWith(await signedWith(byOurs), proofs);
        await judged(file, 'B-LTA', 'signer-unproven', why);
      });
    }

    it('but a revocation that came after the signature does not undo it', async () => {
      const closed = await closedWith(await signedWith(byOurs));
      const later = onSigner(revoked(fromNow(DAY / 2)));
      const renewed = await closedWith(closed, answers({ tsa: [...answers().tsa, later] }));
      const report = await verify(bytesSource(renewed), { trust: TRUST, profile: 'B-LTA', at: new Date() });
      expect(report).to.include({ valid: true, verdict: 'extended' });
    });
  });

  it('a closing timestamp under another root', async () => {
    const root = issueRoot('よそのルート');
    const foreign = issue(root, { name: '試験時刻局', extensions: timestampExtensions() });
    const signed = await signedWith(byOurs);
    const file = await closedWith(signed);
    const [closing] = rawSignatures(file).slice(-1);
    const { der } = await authorityOf(foreign).timestamp(coveredDigest(file, closing!.range));
    const hole = closing!.contents.toString('hex');
    const forged = replaced(file, hole, Buffer.from(der).toString('hex').padEnd(hole.length, '0'));
    await judged(forged, 'B-LTA', 'signer-unproven', /^untrusted/m);
  });

  function coveredDigest(file: Uint8Array, range: readonly number[]): Uint8Array {
    const [, length, resume, rest] = range as [number, number, number, number];
    return sha256(Buffer.concat([file.subarray(0, length), file.subarray(resume, resume + rest)]));
  }
});
