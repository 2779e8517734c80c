/** Never with an expired or revoked credential: what is asked before each signature, and what an answer is worth (RFC 5280 6.3). */
import { expect } from 'chai';
import { credentialStanding, httpRevocationProvider, RevokedCredential } from '../../signing/cms/index.ts';
import { SigningError } from '../../signing/ports.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { credentialOf, DAY, fromNow, issueRoot } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

const HOUR = DAY / 24;

describe('the standing of a credential', () => {
  let authority: ControllableAuthority;
  let now = new Date();
  beforeEach(() => {
    now = new Date();
  });
  afterEach(() => authority.close());

  async function standing(sources?: readonly ('ocsp' | 'crl')[], maxAgeMs = DAY) {
    authority = await openAuthority(sources);
    const trust = [authority.root];
    const revocation = httpRevocationProvider({ trust, clock: () => now });
    return credentialStanding(credentialOf(authority.signer), { trust, revocation, maxAgeMs });
  }

  it('is good with an answer, which counts until it is too old', async () => {
    const check = await standing(['ocsp']);
    await check(now);
    authority.ocsp = 'down';
    now = fromNow(23 * HOUR);
    await check(now);
    expect(authority.asked.ocsp).to.equal(1);
    now = fromNow(25 * HOUR);
    const error = await rejection(check(now));
    expect(error).to.be.instanceOf(SigningError).and.to.include({ transient: true, awaits: 'revocation' });
    expect(error).not.to.be.instanceOf(RevokedCredential);
  });

  it('is lost with a revocation, by OCSP or CRL, at the next time of asking', async () => {
    for (const source of ['ocsp', 'crl'] as const) {
      const check = await standing([source]);
      await check(now);
      authority[source] = 'revoked';
      await check(now);
      now = fromNow(25 * HOUR);
      const error = await rejection(check(now));
      expect(error).to.be.instanceOf(RevokedCredential).and.to.include({ transient: false });
      expect(String(error)).to.match(/"見本署名者" was revoked at/);
      authority[source] = 'good';
      now = new Date();
      if (source === 'ocsp') await authority.close();
    }
  });

  it('is lost at once where a file that is closed has shown the revocation, until an answer says otherwise', async () => {
    authority = await openAuthority(['ocsp']);
    const trust = [authority.root];
    const revocation = httpRevocationProvider({ trust, clock: () => now });
    const check = credentialStanding(credentialOf(authority.signer), { trust, revocation, maxAgeMs: DAY });
    const ask = (usedAt: Date) =>
      revocation.prove(authority.signer.certificate, authority.root, new Date(), usedAt);
    await check(now);
    authority.ocsp = 'revoked';
    now = fromNow(2 * HOUR);
    await check(now);
    // Revoked a day ago: proof for what was signed before, and the end of signing.
    expect((await ask(fromNow(-2 * DAY))).ocspResponses).to.have.length(1);
    expect(await rejection(check(now))).to.be.instanceOf(RevokedCredential);
    authority.ocsp = 'good';
    now = fromNow(4 * HOUR);
    await check(now);
  });

  it('waits while nobody answers, or nobody knows, and is good when an answer comes', async () => {
    const check = await standing();
    for (const ocsp of ['down', 'unknown', 'garbage', 'stranger', 'try-later'] as const) {
      Object.assign(authority, { ocsp, crl: 'down' });
      expect(await rejection(check(now)), ocsp).to.include({ transient: true, awaits: 'revocation' });
    }
    authority.crl = 'good';
    await check(now);
  });

  it('takes no answer older than it may be', async () => {
    const check = await standing(['ocsp'], HOUR);
    authority.ocsp = 'stale';
    expect(await rejection(check(now))).to.include({ transient: true, awaits: 'revocation' });
  });

  it('waits for a new certificate before and after the validity of this one', async () => {
    const check = await standing();
    for (const at of [fromNow(-2 * DAY), fromNow(400 * DAY)]) {
      const error = await rejection(check(at));
      expect(error).to.include({ transient: true, awaits: 'key' });
      expect(String(error)).to.match(/validity: "見本署名者" is valid/);
    }
    expect(authority.asked).to.deep.equal({ tsa: 0, ocsp: 0, crl: 0 });
  });

  it('does not exist without a path to a trust root', async () => {
    authority = await openAuthority();
    const trust = [issueRoot().certificate];
    const revocation = httpRevocationProvider({ trust });
    const check = credentialStanding(credentialOf(authority.signer), { trust, revocation, maxAgeMs: DAY });
    expect(await rejection(check(now))).to.include({ transient: false });
  });
});
