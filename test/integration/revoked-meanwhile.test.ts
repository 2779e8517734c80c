/** A signer revoked between signing and closing: what the timestamp proves stays proven, what it does not is refused (ETSI EN 319 102-1 5.6). */
import { expect } from 'chai';
import { httpRevocationProvider } from '../../signing/cms/index.ts';
import { ocspReply } from '../../signing/credentials/test-authority-answers.ts';
import { revocationExtensions, signingKeyUsage } from '../../signing/credentials/test-authority-pki.ts';
import { bytesSource, conclude, prepare, seal, verify } from '../../signing/index.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import { stampFont } from '../support/pdf-tools.ts';
import {
  authorityOf,
  credentialOf,
  DAY,
  fromNow,
  good,
  issue,
  issuePki,
  type Loopback,
  revoked,
  serve,
  timestampExtensions,
} from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

const FIELD = 'keiyakubin-1';
/** Of the signature timestamp. */
const SIGNED = new Date(Math.floor(fromNow(-DAY / 4).getTime() / 1000) * 1000);
const AFTER = new Date(SIGNED.getTime() + 1000);

describe('a signer revoked between signing and closing', () => {
  const { root, rootResponder } = issuePki();
  const trust = [root.certificate];
  let responder: Loopback;
  /** By path: what the responder says of each. */
  let standing: { signer: Date | null; tsa: Date | null };
  let file: Uint8Array;
  const grown = (revision: { bytes: Uint8Array }): Uint8Array => Buffer.concat([file, revision.bytes]);
  let close: () => Promise<Uint8Array>;

  before(async () => {
    responder = await serve((path, request) => {
      const revokedAt = standing[path.slice(1) as keyof typeof standing];
      return ocspReply(request, rootResponder, () => (revokedAt === null ? good() : revoked(revokedAt)));
    });
    const asked = (path: string) => revocationExtensions({ ocsp: `${responder.url}/${path}` });
    const signer = issue(root, { name: '署名者', extensions: [signingKeyUsage(true), ...asked('signer')] });
    const tsa = issue(root, { name: '時刻局', extensions: [...timestampExtensions(), ...asked('tsa')] });
    file = buildPdf(onePage()).bytes;
    file = grown(
      await prepare(bytesSource(file), { stamp: '契約ID', fields: [FIELD], fonts: [stampFont()] }),
    );
    const sealed = await seal(bytesSource(file), {
      field: FIELD,
      credential: credentialOf(signer, root),
      timestampAuthority: authorityOf(tsa, { time: SIGNED }),
      reason: '同意',
      location: '日本',
      signingTime: SIGNED,
    });
    file = grown(sealed);
    close = async () => {
      const revocation = httpRevocationProvider({ trust });
      const timestampAuthority = authorityOf(tsa);
      return grown(await conclude(bytesSource(file), { timestampAuthority, revocation, trust }));
    };
  });
  after(() => responder.close());
  beforeEach(() => {
    standing = { signer: null, tsa: null };
  });

  it('closes a file whose signature is proven to be older, with the revocation as its proof', async () => {
    standing.signer = AFTER;
    const closed = await close();
    const report = await verify(bytesSource(closed), { trust, profile: 'B-LTA', at: new Date() });
    expect(report).to.include({ valid: true, verdict: 'valid', level: 'B-LTA' });
  });

  it('refuses for good what was revoked in the second of the timestamp or before', async () => {
    for (const at of [SIGNED, fromNow(-DAY / 2)]) {
      standing.signer = at;
      const error = await rejection(close());
      expect(error).to.include({ name: 'RevokedCertificate', transient: false });
    }
  });

  it('refuses for good an authority that was revoked before anything covers its timestamp', async () => {
    standing.tsa = AFTER;
    expect(await rejection(close())).to.include({ name: 'RevokedCertificate', transient: false });
  });
});
