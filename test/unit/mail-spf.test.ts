/** SPF before a mail is taken: only a clear "fail" forbids, whatever DNS leaves open does not (RFC 7208 8.4). */
import { expect } from 'chai';
import type { DnsResolver } from '../../gateway/mail/direct-proof.ts';
import { spfForbids } from '../../gateway/mail/spf.ts';
import { scriptedDns } from '../support/dns.ts';

const OWN = '192.0.2.10';
const FOREIGN = '198.51.100.7';

describe('SPF before 250', () => {
  const dns = scriptedDns({
    'hard.example.jp TXT': [`v=spf1 ip4:${OWN} -all`],
    'soft.example.jp TXT': [`v=spf1 ip4:${OWN} ~all`],
    'broken.example.jp TXT': ['v=spf1 nonsense -all'],
  });
  afterEach(() => dns.silent.clear());

  const forbids = (
    mailFrom: string,
    remoteAddress: string,
    { heloName = 'mail.example.jp', resolver = dns.resolver as DnsResolver, limitMs = 60_000 } = {},
  ): Promise<boolean> =>
    spfForbids({ remoteAddress, heloName, mailFrom }, { hostname: 'mx.example.jp', resolver, limitMs });

  it('forbids what -all forbids, and nothing else', async () => {
    expect(await forbids('a@hard.example.jp', FOREIGN)).to.equal(true);
    expect(await forbids('a@hard.example.jp', OWN)).to.equal(false);
    expect(await forbids('a@soft.example.jp', FOREIGN)).to.equal(false);
    expect(await forbids('a@broken.example.jp', FOREIGN)).to.equal(false);
    expect(await forbids('a@unknown.example.jp', FOREIGN)).to.equal(false);
  });

  it('judges a bounce by the name of the server', async () => {
    expect(await forbids('', FOREIGN, { heloName: 'hard.example.jp' })).to.equal(true);
    expect(await forbids('', FOREIGN)).to.equal(false);
  });

  it('lets go on what DNS does not answer, or not in time', async () => {
    dns.silent.add('hard.example.jp');
    expect(await forbids('a@hard.example.jp', FOREIGN)).to.equal(false);
    const never: DnsResolver = () => new Promise(() => {});
    expect(await forbids('a@hard.example.jp', FOREIGN, { resolver: never, limitMs: 1 })).to.equal(false);
  });
});
