/** Proof that a certificate is not revoked, fetched by OCSP (RFC 6960) or CRL (RFC 5280 §5): when it is enough, waited for, or says no. */
import { expect } from 'chai';
import { OID } from '../../signing/cms/algorithms.ts';
import { httpRevocationProvider } from '../../signing/cms/index.ts';
import { ocspReply } from '../../signing/credentials/test-authority-answers.ts';
import {
  type Identity,
  noCheckExtension,
  purposeExtension,
  revocationExtensions,
} from '../../signing/credentials/test-authority-pki.ts';
import { SigningError, type ValidationData } from '../../signing/ports.ts';
import {
  crlOf,
  DAY,
  fromNow,
  good,
  issue,
  issueRoot,
  type Loopback,
  revoked,
  serve,
} from '../support/pki.ts';

const root = issueRoot();
const responder = issue(root, {
  name: '応答局',
  extensions: [purposeExtension(OID.ocspSigning, false), noCheckExtension()],
});
/** The moment answers have to be newer than. */
const since = fromNow(-60_000);

let server: Loopback;
/** What the loopback server says to each path. */
let says: { ocsp?: (request: Uint8Array) => Uint8Array | number; crl?: () => Uint8Array };

function subject(...sources: ('ocsp' | 'crl')[]): Identity {
  const urls = Object.fromEntries(sources.map((source) => [source, `${server.url}/${source}`]));
  return issue(root, { name: '対象', extensions: revocationExtensions(urls) });
}

const answering =
  (status = good(), by = responder) =>
  (request: Uint8Array) =>
    ocspReply(request, by, () => status);

function prove(
  identity: Identity,
  provider = httpRevocationProvider({ trust: [root.certificate], timeoutMs: 60_000 }),
  usedAt: Date | null = null,
) {
  return provider.prove(identity.certificate, root.certificate, since, usedAt);
}

async function failure(outcome: Promise<ValidationData>): Promise<SigningError> {
  const error = await outcome.then(
    () => null,
    (reason) => reason,
  );
  expect(error).to.be.instanceOf(SigningError);
  return error;
}

describe('httpRevocationProvider', () => {
  before(async () => {
    server = await serve((path, body) => (path === '/ocsp' ? says.ocsp?.(body) : says.crl?.()) ?? 404);
  });
  after(() => server.close());
  beforeEach(() => {
    says = {};
    server.asked.length = 0;
  });

  it('takes an OCSP answer, with its responder, and asks no CRL', async () => {
    says = { ocsp: answering() };
    const data = await prove(subject('ocsp', 'crl'));
    expect(data.ocspResponses).to.have.length(1);
    expect(data.certificates).to.deep.equal([responder.certificate]);
    expect(data.crls).to.deep.equal([]);
    expect(server.asked).to.deep.equal(['/ocsp']);
  });

  it('turns to the CRL when OCSP fails, lies or is too old', async () => {
    const stranger = issue(issueRoot(), {
      name: '他人',
      extensions: [purposeExtension(OID.ocspSigning, false)],
    });
    const unknownStatus = () => Uint8Array.of(0x30, 3, 0x0a, 1, 6);
    const failing = [
      () => 503,
      () => Buffer.from('junk'),
      unknownStatus,
      answering(good(), stranger),
      answering(good(fromNow(-DAY))),
    ];
    for (const ocsp of failing) {
      const list = crlOf(root);
      says = { ocsp, crl: () => list };
      const data = await prove(subject('ocsp', 'crl'));
      expect(data).to.deep.equal({ certificates: [], ocspResponses: [], crls: [Buffer.from(list)] });
    }
  });

  it('waits while every answer is older than wanted, and says when the next is due', async () => {
    const early = fromNow(-DAY);
    says = { ocsp: answering(good(early)), crl: () => crlOf(root, early) };
    const error = await failure(prove(subject('ocsp', 'crl')));
    expect(error.transient).to.equal(true);
    expect(error.message)
      .to.contain('older than')
      .and.to.contain(good(early).nextUpdate.toISOString().slice(0, 10));
  });

  it('compares in whole seconds, since answers carry no fractions', async () => {
    says = { ocsp: answering(good(new Date(Math.floor(since.getTime() / 1000) * 1000))) };
    expect((await prove(subject('ocsp'))).ocspResponses).to.have.length(1);
  });

  it('waits when answers ran out or are dated ahead of our clock', async () => {
    for (const status of [{ ...good(), nextUpdate: fromNow(-5_000) }, good(fromNow(DAY))]) {
      says = { ocsp: answering(status) };
      expect((await failure(prove(subject('ocsp')))).transient).to.equal(true);
    }
  });

  it('waits when nobody answers in time', async () => {
    const provider = httpRevocationProvider({ trust: [root.certificate], timeoutMs: 50 });
    const silent = await serve(() => null);
    const identity = issue(root, {
      name: '対象',
      extensions: revocationExtensions({ ocsp: `${silent.url}/ocsp` }),
    });
    const error = await failure(prove(identity, provider));
    await silent.close();
    expect(error.transient).to.equal(true);
    expect(error.message).to.contain('too slow');
  });

  it('fails for good on a revoked certificate, by OCSP or by CRL', async () => {
    const identity = subject('ocsp', 'crl');
    says = { ocsp: answering(revoked(fromNow(-DAY))) };
    const byOcsp = await failure(prove(identity));
    says = { crl: () => crlOf(root, new Date(), [identity]) };
    const byCrl = await failure(prove(identity));
    for (const error of [byOcsp, byCrl]) {
      expect(error.transient).to.equal(false);
      expect(error.message).to.contain('revoked');
    }
  });

  it('takes a revocation that came after the use for proof, and none that came by then', async () => {
    const identity = subject('ocsp', 'crl');
    const provider = httpRevocationProvider({ trust: [root.certificate] });
    const [usedAt, after] = [since, new Date(since.getTime() + 30_000)];
    says = { ocsp: answering(revoked(after)), crl: () => crlOf(root, after, [identity]) };
    expect((await prove(identity, provider, usedAt)).ocspResponses).to.have.length(1);
    says = { crl: () => crlOf(root, after, [identity]) };
    expect(
      (await prove(identity, httpRevocationProvider({ trust: [root.certificate] }), usedAt)).crls,
    ).to.have.length(1);
    for (const moment of [null, after]) {
      const error = await failure(prove(identity, provider, moment));
      expect(error).to.include({ name: 'RevokedCertificate', transient: false });
    }
  });

  it('fails for good on a certificate that names neither source, or comes from another issuer', async () => {
    expect((await failure(prove(subject()))).transient).to.equal(false);
    const foreign = issue(issueRoot(), {
      name: '他所',
      extensions: revocationExtensions({ ocsp: `${server.url}/ocsp` }),
    });
    expect((await failure(prove(foreign))).transient).to.equal(false);
    expect(server.asked).to.deep.equal([]);
  });

  it('asks nothing of a trust root', async () => {
    const data = await prove(root);
    expect(data).to.deep.equal({ certificates: [], ocspResponses: [], crls: [] });
  });

  it('proves a responder that is not exempt, and never by its own word', async () => {
    const extensions = [purposeExtension(OID.ocspSigning, false)];
    const selfish = issue(root, {
      name: '要確認応答局',
      extensions: [...extensions, ...revocationExtensions({ ocsp: `${server.url}/ocsp` })],
    });
    says = { ocsp: answering(good(), selfish) };
    const error = await failure(prove(subject('ocsp')));
    expect(error.transient).to.equal(true);
    expect(error.message).to.contain('vouches only for itself');

    const listed = issue(root, {
      name: '要確認応答局',
      extensions: [...extensions, ...revocationExtensions({ crl: `${server.url}/crl` })],
    });
    says = { ocsp: answering(good(), listed), crl: () => crlOf(root) };
    const data = await prove(subject('ocsp'));
    expect(data.certificates).to.deep.equal([listed.certificate]);
    expect([data.ocspResponses.length, data.crls.length]).to.deep.equal([1, 1]);
  });

  it('keeps a CRL while it is new enough and fetches again when it is not', async () => {
    const provider = httpRevocationProvider({ trust: [root.certificate] });
    says = { crl: () => crlOf(root, fromNow(-30_000)) };
    await prove(subject('crl'), provider);
    await prove(subject('crl'), provider);
    expect(server.asked).to.deep.equal(['/crl']);
    says = { crl: () => crlOf(root) };
    await provider.prove(subject('crl').certificate, root.certificate, fromNow(-10_000));
    expect(server.asked).to.deep.equal(['/crl', '/crl']);
  });

  it('does not take a CRL of a kind it does not understand', async () => {
    const delta = crlOf(root, new Date(), [], ['2.5.29.27']);
    says = { crl: () => delta };
    expect((await failure(prove(subject('crl')))).message).to.contain('not supported');
  });
});
