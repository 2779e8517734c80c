// Mail from strangers: SPF, DKIM and DMARC by a scripted DNS; only what is proven for the domain of From counts.

import { Readable } from 'node:stream';
import { expect } from 'chai';
import { type DirectProof, proveDirect } from '../../gateway/mail/direct-proof.ts';
import { withoutPartialSignatures } from '../../gateway/mail/partial-signatures.ts';
import { dkimKey, scriptedDns } from '../support/dns.ts';
import { letter } from '../support/letters.ts';
import { rejection } from '../support/rejection.ts';

const SATO = { name: '佐藤花子', address: 'sato@mihon.example.jp' };
const OWN_IP = '192.0.2.10';
const FOREIGN_IP = '198.51.100.7';

describe('a mail straight from the Internet', () => {
  const key = dkimKey('mihon.example.jp');
  const foreign = dkimKey('evil.example.com');
  const dns = scriptedDns({
    'mihon.example.jp TXT': [`v=spf1 ip4:${OWN_IP} -all`],
    '_dmarc.mihon.example.jp TXT': ['v=DMARC1; p=reject'],
    'evil.example.com TXT': [`v=spf1 ip4:${FOREIGN_IP} -all`],
    '_dmarc.evil.example.com TXT': ['v=DMARC1; p=none'],
    'nopolicy.example.jp TXT': [`v=spf1 ip4:${OWN_IP} -all`],
    '_dmarc.strict.example.jp TXT': ['v=DMARC1; p=reject; aspf=s; adkim=s'],
    'mail.strict.example.jp TXT': [`v=spf1 ip4:${OWN_IP} -all`],
    [key.record[0]]: key.record[1],
    [foreign.record[0]]: foreign.record[1],
  });
  afterEach(() => dns.silent.clear());

  const mail = letter({ from: SATO, to: 'keiyaku@mihon.example.jp', subject: '依頼', text: '承認' });
  const prove = (
    raw: string,
    { ip = FOREIGN_IP, from = SATO.address, final = false } = {},
  ): Promise<DirectProof> =>
    proveDirect(
      Readable.from([Buffer.from(raw)]),
      {
        remoteAddress: ip,
        heloName: 'mail.example.jp',
        relay: { name: 'world', kind: 'direct' },
        smtpUser: null,
        mailFrom: from,
        rcptTo: [],
        tls: true,
      },
      { hostname: 'mx.mihon.example.jp', resolver: dns.resolver, final },
    );

  it('is proven by an aligned SPF, or by an aligned signature whoever brings it', async () => {
    expect(await prove(mail, { ip: OWN_IP })).to.deep.include({
      passed: true,
      fromDomain: 'mihon.example.jp',
      detail: 'dmarc=pass spf=pass dkim=none by spf',
    });
    expect(await prove(await key.sign(mail))).to.deep.include({
      passed: true,
      detail: 'dmarc=pass spf=fail dkim=pass by dkim',
    });
  });

  for (const [what, raw, ip, from] of [
    ['comes from an address that SPF does not name', async () => mail, FOREIGN_IP, SATO.address],
    [
      'has a body changed after signing',
      async () => (await key.sign(mail)).replace('承認', '否認'),
      FOREIGN_IP,
      '',
    ],
    [
      'has a subject changed after signing',
      async () => (await key.sign(mail)).replace('Subject: =?', 'Subject: x =?'),
      FOREIGN_IP,
      '',
    ],
    [
      'has a text added below a signature over part of it',
      async () => `${await key.sign(mail, 8)}追記\r\n`,
      FOREIGN_IP,
      '',
    ],
    [
      'is signed and sent by somebody else’s domain',
      async () => foreign.sign(mail),
      FOREIGN_IP,
      'x@evil.example.com',
    ],
    ['has two authors', async () => key.sign(`From: x@evil.example.com\r\n${mail}`), OWN_IP, SATO.address],
    [
      'claims its proof in a header',
      async () =>
        `Authentication-Results: mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp\r\n${mail}`,
      FOREIGN_IP,
      '',
    ],
  ] as const) {
    it(`is not proven when it ${what}`, async () => {
      expect(await prove(await raw(), { ip, from })).to.include({ passed: false });
    });
  }

  it('is proven by a signature over all of it, whatever others cover, and nothing of them reaches standard output', async () => {
    const [log, said] = [console.log, [] as unknown[]];
    console.log = (...words: unknown[]) => void said.push(words);
    try {
      for (const octets of [4, 8, 999]) {
        const partly = await key.sign(mail, octets);
        expect(await prove(partly)).to.deep.include({
          passed: false,
          detail: 'dmarc=fail spf=fail dkim=none (1 over part of the body not counted)',
        });
        expect(await prove(await key.sign(partly))).to.deep.include({
          passed: true,
          detail: 'dmarc=pass spf=fail dkim=pass (1 over part of the body not counted) by dkim',
        });
      }
    } finally {
      console.log = log;
    }
    expect(said).to.deep.equal([]);
  });

  it('is judged the same however its octets are cut into chunks', async () => {
    const octets = Buffer.from(await key.sign(await key.sign(mail, 8)));
    for (const size of [1, 7, octets.indexOf('\r\n\r\n') + 2]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < octets.length; at += size) chunks.push(octets.subarray(at, at + size));
      const { mail: read, leftOut } = await withoutPartialSignatures(Readable.from(chunks));
      expect(leftOut).to.equal(1);
      const kept = Buffer.concat(await read.toArray()).toString();
      expect(kept)
        .to.match(/^DKIM-Signature: /)
        .and.to.not.match(/\bl=/);
      expect(octets.toString().endsWith(kept.slice(kept.indexOf('\r\nFrom: ')))).to.equal(true);
    }
    const { mail: bare } = await withoutPartialSignatures(Readable.from([Buffer.from('From: a\r\n')]));
    expect(Buffer.concat(await bare.toArray()).toString()).to.equal('From: a\r\n');
  });

  it('is not proven where its domain publishes no policy, or asks for strict alignment', async () => {
    const by = (domain: string) =>
      letter({ from: { name: '', address: `a@${domain}` }, to: 'x@y.example.jp', subject: 's', text: 't' });
    const own = { ip: OWN_IP, from: 'a@nopolicy.example.jp' };
    expect((await prove(by('nopolicy.example.jp'), own)).detail).to.match(/^dmarc=none spf=pass/);
    const below = { ip: OWN_IP, from: 'a@mail.strict.example.jp' };
    expect(await prove(by('strict.example.jp'), below)).to.include({ passed: false });
  });

  it('waits for a name server that does not answer, but not for ever', async () => {
    dns.silent.add('_dmarc.mihon.example.jp');
    expect(await rejection(prove(mail, { ip: OWN_IP }))).to.include({
      name: 'DnsUnavailable',
      transient: true,
    });
    expect(await prove(mail, { ip: OWN_IP, final: true })).to.include({ passed: false });
  });
});
