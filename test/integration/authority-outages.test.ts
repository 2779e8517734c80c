/** The clients of timestamp authorities, OCSP responders and CRLs against ones that fail, wait and lie. */
import { expect } from 'chai';
import { sha256 } from '../../signing/cms/algorithms.ts';
import {
  firstAvailableAuthority,
  type HttpTimestampAuthority,
  httpRevocationProvider,
  httpTimestampAuthority,
  type TimestampAuthorities,
} from '../../signing/cms/index.ts';
import { type RevocationProvider, SigningError } from '../../signing/ports.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import type { CrlBehaviour, OcspBehaviour, TsaBehaviour } from '../support/authority-answers.ts';
import { fromNow } from '../support/pki.ts';

const digest = sha256(Buffer.from('契約書'));
/** Answers have to be newer than this. */
const since = fromNow(-60_000);
const MINUTE = 60_000;

async function failure(outcome: Promise<unknown>): Promise<SigningError> {
  const error = await outcome.then(
    () => null,
    (reason) => reason,
  );
  expect(error).to.be.instanceOf(SigningError);
  return error;
}

describe('a timestamp authority', () => {
  let authority: ControllableAuthority;
  let client: HttpTimestampAuthority;
  before(async () => {
    authority = await openAuthority();
    client = httpTimestampAuthority({
      url: authority.timestampUrl,
      trust: [authority.root],
      policies: ['2.999.1'],
    });
  });
  after(async () => {
    client.close();
    await authority.close();
  });

  const failures: [TsaBehaviour, RegExp][] = [
    ['down', /unreachable/],
    ['garbage', /octets|cut off|tag|length/],
    ['truncated', /broke off/],
    ['http-error', /HTTP status 503/],
    ['redirect', /HTTP status 302/],
    ['web-page', /web page/],
    ['endless', /exceeds/],
    ['refusing', /not granted \(status 2\)/],
    ['wrong-imprint', /imprint-mismatch/],
    ['wrong-nonce', /nonce-mismatch/],
    ['without-nonce', /nonce-mismatch/],
    ['wrong-policy', /policy: 2\.999\.2 is none of those taken/],
    ['wrong-time', /3[56]\d\d s apart/],
    ['wrong-purpose', /key-usage/],
    ['untrusted', /untrusted/],
    ['expired', /validity/],
    ['tampered', /signature-mismatch/],
    ['inaccurate', /accuracy: 3600 s/],
  ];
  for (const [behaviour, reason] of failures)
    it(`that is ${behaviour} is waited for, and believed once it is honest`, async () => {
      authority.tsa = behaviour;
      const error = await failure(client.timestamp(digest));
      expect(error.message).to.match(reason);
      expect(error).to.include({ transient: true, awaits: 'timestamp', retryAt: null });
      authority.tsa = 'honest';
      expect((await client.timestamp(digest)).time.getTime()).to.be.closeTo(Date.now(), MINUTE);
    });

  it('that is slow is given up in time, or heard out', async () => {
    const hasty = httpTimestampAuthority({
      url: authority.timestampUrl,
      trust: [authority.root],
      timeoutMs: 30,
    });
    authority.tsa = 'held';
    expect((await failure(hasty.timestamp(digest))).message).to.include('too slow');
    const patient = client.timestamp(digest);
    await authority.reached;
    authority.tsa = 'honest';
    // Whoever gave up has hung up; whoever waits is still there.
    for (const answered = patient.then(() => true); ; authority.release()) {
      if (await Promise.race([answered, new Promise((look) => setImmediate(look))])) break;
    }
    hasty.close();
  });

  it('is asked for the one policy that is taken, and for none where several are', async () => {
    const two = httpTimestampAuthority({
      url: authority.timestampUrl,
      trust: [authority.root],
      policies: ['2.999.2', '2.999.1'],
    });
    authority.tsa = 'honest';
    expect((await two.timestamp(digest)).der.length).to.be.greaterThan(0);
    expect(authority.policiesAsked.at(-1)).to.equal(null);
    two.close();
    await client.timestamp(digest);
    expect(authority.policiesAsked.at(-1)).to.equal('2.999.1');
  });

  it('is asked over one connection, which may have gone since', async () => {
    authority.tsa = 'honest';
    await client.timestamp(digest);
    const before = authority.connections;
    await client.timestamp(digest);
    expect(authority.connections).to.equal(before);
    authority.hangUp();
    await client.timestamp(digest);
    expect(authority.connections).to.equal(before + 1);
  });

  it('is asked no faster than agreed, each request in its turn', async () => {
    const waits: number[] = [];
    let now = 0;
    const timer = {
      now: () => now,
      wait: async (ms: number) => void waits.push(ms),
    };
    const paced = httpTimestampAuthority({
      url: authority.timestampUrl,
      trust: [authority.root],
      minIntervalMs: 500,
      timer,
    });
    await Promise.all([paced.timestamp(digest), paced.timestamp(digest), paced.timestamp(digest)]);
    expect(waits).to.deep.equal([500, 1000]);
    now = 1700;
    await paced.timestamp(digest);
    expect(waits).to.deep.equal([500, 1000]);
    paced.close();
  });
});

describe('several timestamp authorities', () => {
  let first: ControllableAuthority;
  let second: ControllableAuthority;
  let both: TimestampAuthorities;
  let now: number;
  let heard: string[];
  const counts = (): number[] => [first.asked.tsa, second.asked.tsa];
  before(async () => {
    [first, second] = await Promise.all([openAuthority(), openAuthority()]);
  });
  beforeEach(() => {
    now = Date.now();
    heard = [];
    for (const authority of [first, second]) {
      authority.tsa = 'honest';
      authority.asked.tsa = 0;
    }
    const clients = [first, second].map(({ timestampUrl, root }) =>
      httpTimestampAuthority({ url: timestampUrl, trust: [root] }),
    );
    both = firstAvailableAuthority(clients, {
      pauseSeconds: 300,
      clock: () => new Date(now),
    });
    both.watch((host, failure) => heard.push(`${host}: ${failure?.message ?? 'serves'}`));
  });
  afterEach(() => both.close());
  after(() => Promise.all([first.close(), second.close()]));

  it('are asked in their order, the next only when one fails', async () => {
    await both.timestamp(digest);
    expect(counts()).to.deep.equal([1, 0]);
    first.tsa = 'wrong-imprint';
    await both.timestamp(digest);
    expect(counts()).to.deep.equal([2, 1]);
    first.tsa = 'honest';
    now += 5 * MINUTE;
    await both.timestamp(digest);
    await both.timestamp(digest);
    const [a, b] = [first, second].map(({ timestampUrl }) => new URL(timestampUrl).host);
    expect(heard, 'only changes').to.have.length(4);
    expect(heard[1]).to.match(new RegExp(`^${a}: .*imprint-mismatch`));
    expect([heard[0], ...heard.slice(2)]).to.deep.equal([`${a}: serves`, `${b}: serves`, `${a}: serves`]);
  });

  it('are asked last while they are paused after a failure, then tried by one request only', async () => {
    first.tsa = 'down';
    await both.timestamp(digest);
    await both.timestamp(digest);
    expect(counts()).to.deep.equal([1, 2]);
    now += 5 * MINUTE;
    first.tsa = 'held';
    const trial = both.timestamp(digest);
    await first.reached;
    await both.timestamp(digest);
    expect(counts(), 'the other one does not wait').to.deep.equal([2, 3]);
    first.tsa = 'honest';
    first.release();
    await trial;
    await both.timestamp(digest);
    expect(counts(), 'back in its place').to.deep.equal([3, 3]);
  });

  it('are all asked before the work has to wait, paused ones too', async () => {
    first.tsa = 'down';
    second.tsa = 'untrusted';
    for (const expected of [
      [1, 1],
      [2, 2],
    ]) {
      const error = await failure(both.timestamp(digest));
      expect(error).to.include({ transient: true, awaits: 'timestamp' });
      expect(error.message).to.include('unreachable').and.include('untrusted');
      expect(counts()).to.deep.equal(expected);
    }
    first.tsa = 'honest';
    await both.timestamp(digest);
    expect(counts()).to.deep.equal([3, 2]);
  });

  it('tell which of them answered, so that it can be asked again', async () => {
    first.tsa = 'down';
    const { from } = await both.timestamp(digest);
    first.tsa = 'honest';
    now += 5 * MINUTE;
    await from!.timestamp(digest);
    expect(counts()).to.deep.equal([1, 2]);
    second.tsa = 'down';
    expect((await failure(from!.timestamp(digest))).transient).to.equal(true);
  });
});

describe('revocation answers', () => {
  let authority: ControllableAuthority;
  let provider: RevocationProvider;
  let now: number;
  const prove = (notBefore = since) =>
    provider.prove(authority.signer.certificate, authority.root, notBefore);
  before(async () => {
    authority = await openAuthority();
  });
  beforeEach(() => {
    now = Date.now();
    Object.assign(authority, { ocsp: 'good', crl: 'good' });
    Object.assign(authority.asked, { ocsp: 0, crl: 0 });
    provider = httpRevocationProvider({
      trust: [authority.root],
      crlLimit: 1 << 20,
      clock: () => new Date(now),
    });
  });
  after(() => authority.close());

  const ocspFailures: [OcspBehaviour, RegExp][] = [
    ['down', /unreachable/],
    ['garbage', /octets|cut off|tag|length/],
    ['truncated', /broke off/],
    ['http-error', /HTTP status 503/],
    ['web-page', /web page/],
    ['endless', /exceeds/],
    ['try-later', /error status 3/],
    ['unknown', /does not know the certificate/],
    ['stale', /older than/],
    ['ran-out', /ran out/],
    ['stranger', /not appointed/],
  ];
  const crlFailures: [CrlBehaviour, RegExp][] = [
    ['down', /unreachable/],
    ['garbage', /octets|cut off|tag|length/],
    ['http-error', /HTTP status 503/],
    ['endless', /exceeds/],
    ['stale', /older than/],
    ['ran-out', /ran out/],
    ['delta', /not supported here \(delta/],
  ];
  for (const [behaviour, reason] of ocspFailures)
    it(`by OCSP that is ${behaviour} leave it to the CRL, and wait where that fails too`, async () => {
      authority.ocsp = behaviour;
      expect((await prove()).crls).to.have.length(1);
      authority.crl = 'down';
      provider = httpRevocationProvider({ trust: [authority.root] });
      const error = await failure(prove());
      expect(error.message).to.match(reason);
      expect(error).to.include({ transient: true, awaits: 'revocation' });
      authority.ocsp = 'good';
      expect((await prove()).ocspResponses).to.have.length(1);
    });
  for (const [behaviour, reason] of crlFailures)
    it(`by a CRL that is ${behaviour} are waited for`, async () => {
      Object.assign(authority, { ocsp: 'down', crl: behaviour });
      const error = await failure(prove());
      expect(error.message).to.match(reason);
      expect(error).to.include({ transient: true, awaits: 'revocation' });
      authority.crl = 'good';
      expect((await prove()).crls).to.have.length(1);
    });

  it('come over one connection, which may have gone since', async () => {
    const later = (seconds: number) => new Date(Date.now() - 60_000 + seconds * 1000);
    await prove();
    const before = authority.connections;
    now += 2 * 60 * MINUTE;
    authority.ocsp = 'unknown';
    await prove(later(1));
    expect(authority.asked).to.include({ ocsp: 2, crl: 1 });
    expect(authority.connections).to.equal(before);
    authority.hangUp();
    authority.ocsp = 'good';
    await prove(later(2));
    expect(authority.asked.ocsp).to.equal(3);
    expect(authority.connections).to.equal(before + 1);
  });

  for (const kind of ['ocsp', 'crl'] as const)
    it(`that say revoked end the waiting for good (${kind})`, async () => {
      Object.assign(authority, { ocsp: 'down', [kind]: 'revoked' });
      const error = await failure(prove());
      expect(error.message).to.include('was revoked at');
      expect(error.transient).to.equal(false);
    });

  it('say until when to wait where the next one is announced', async () => {
    Object.assign(authority, { ocsp: 'down', crl: 'stale' });
    const { retryAt } = await failure(prove());
    expect(retryAt?.getTime()).to.equal(Math.floor(authority.nextUpdate.getTime() / 1000) * 1000);
  });

  it('are fetched once for all who need them, as long as they are new enough', async () => {
    authority.ocsp = 'held';
    const together = Promise.all([prove(), prove()]);
    await authority.reached;
    authority.ocsp = 'good';
    authority.release();
    await together;
    await prove();
    expect(authority.asked.ocsp).to.equal(1);
    await failure(prove(fromNow(MINUTE)));
    expect(authority.asked.ocsp, 'older than a later timestamp').to.equal(2);
    now += 2 * 60 * MINUTE;
    await prove();
    expect(authority.asked.ocsp, 'kept for an hour at most').to.equal(3);
  });

  it('that are of no use are not kept', async () => {
    authority.crl = 'down';
    authority.ocsp = 'garbage';
    await failure(prove());
    authority.ocsp = 'good';
    await prove();
    expect(authority.asked.ocsp).to.equal(2);
  });
});
