// Who is believed: relays, accounts, Authentication-Results.

import { expect } from 'chai';
import { normaliseAddress } from '../../gateway/mail/address.ts';
import { authenticate } from '../../gateway/mail/authenticate.ts';
import { readAuthenticationResults } from '../../gateway/mail/authentication-results.ts';
import type { DirectProof } from '../../gateway/mail/direct-proof.ts';
import type { ParsedMessage } from '../../gateway/mail/parse.ts';
import { isStaff, mayDo, type Staff } from '../../gateway/mail/rights.ts';
import type { InboundTransport } from '../../gateway/mail/transport.ts';

const BUCHOU = {
  address: 'Buchou@Sample.example.jp',
  name: '部長',
  section: '総務課',
  phone: '00-0000-0001',
};
const STAFF: Staff = {
  domains: ['mihon.example.jp'],
  domainRights: ['initiator'],
  members: [{ ...BUCHOU, rights: ['approver'], shared: false }],
};
const SUBMISSION = { name: 'lgwan', kind: 'submission' as const };
const MX = { name: 'mx', kind: 'mx' as const, authservId: 'mx.mihon.example.jp' };

function judge(
  from: string | null,
  transport: Partial<InboundTransport>,
  results: string[] = [],
  direct: DirectProof | null = null,
) {
  const message = {
    from: from === null ? null : { name: '', address: from },
    fromProblem: from === null ? 'multiple' : null,
    authenticationResults: results,
  } as unknown as ParsedMessage;
  const base = {
    remoteAddress: '192.0.2.1',
    heloName: 'x',
    relay: null,
    smtpUser: null,
    mailFrom: '',
    rcptTo: [],
    tls: false,
  };
  return authenticate(message, { ...base, ...transport }, STAFF, direct);
}

describe('authenticating a sender', () => {
  it('believes every From that insiders alone can send', () => {
    expect(judge('Sato@MIHON.example.jp', { relay: SUBMISSION })).to.deep.include({
      level: 'staff',
      address: 'sato@mihon.example.jp',
      means: 'submission-relay',
    });
    expect(judge('buchou@sample.example.jp', { relay: SUBMISSION }).level).to.equal('staff');
    expect(judge('yamada@sample.example.jp', { relay: SUBMISSION }).level).to.equal('aligned');
    expect(judge('sato@sub.mihon.example.jp', { relay: SUBMISSION }).level).to.equal('aligned');
  });

  it('believes an account for its own addresses only, even behind a submission relay', () => {
    const smtpUser = { username: 'sato', addresses: ['sato@mihon.example.jp'] };
    expect(judge('SATO@mihon.example.jp', { smtpUser })).to.deep.include({
      level: 'staff',
      means: 'smtp-auth',
    });
    expect(judge('suzuki@mihon.example.jp', { smtpUser, relay: SUBMISSION }).level).to.equal('unproven');
  });

  it('believes nobody without a relay, and nobody without exactly one author', () => {
    expect(judge('sato@mihon.example.jp', {}).level).to.equal('unproven');
    expect(judge(null, { relay: SUBMISSION })).to.deep.include({ level: 'unproven', address: '' });
  });

  describe('straight from the Internet', () => {
    const DIRECT = { name: 'internet', kind: 'direct' as const };
    const proof = (changes: Partial<DirectProof>) =>
      judge('sato@mihon.example.jp', { relay: DIRECT }, [], {
        passed: true,
        fromDomain: 'mihon.example.jp',
        detail: 'dmarc=pass',
        ...changes,
      });

    it('believes what was proven for the domain of From, and nothing else', () => {
      expect(proof({})).to.deep.include({ level: 'staff', means: 'direct', detail: 'dmarc=pass' });
      expect(proof({ passed: false, detail: 'dmarc=fail' })).to.deep.include({
        level: 'unproven',
        detail: 'dmarc=fail',
      });
      expect(proof({ fromDomain: 'evil.example.jp' }).level).to.equal('unproven');
      expect(judge('sato@mihon.example.jp', { relay: DIRECT }).level).to.equal('unproven');
    });

    it('reads no Authentication-Results: nobody of ours wrote it', () => {
      const forged = 'mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp';
      expect(judge('sato@mihon.example.jp', { relay: DIRECT }, [forged]).level).to.equal('unproven');
    });
  });

  it('gives rights by person first, then by domain, and none to shared mailboxes', () => {
    const shared: Staff = {
      ...STAFF,
      members: [
        ...STAFF.members,
        { ...BUCHOU, address: 'ka@mihon.example.jp', rights: ['approver'], shared: true },
      ],
    };
    expect(mayDo('buchou@sample.example.jp', 'approver', STAFF)).to.equal(true);
    expect(mayDo('buchou@sample.example.jp', 'initiator', STAFF)).to.equal(false);
    expect(mayDo('sato@mihon.example.jp', 'initiator', STAFF)).to.equal(true);
    expect(mayDo('sato@mihon.example.jp', 'approver', STAFF)).to.equal(false);
    expect(mayDo('yamada@sample.example.jp', 'initiator', STAFF)).to.equal(false);
    expect(mayDo('KA@mihon.example.jp', 'approver', shared)).to.equal(false);
    expect(isStaff('ka@mihon.example.jp', shared)).to.equal(true);
  });

  describe('through an mx relay', () => {
    const through = (...results: string[]) => judge('sato@mihon.example.jp', { relay: MX }, results);
    const pass = 'mx.mihon.example.jp; dmarc=pass (p=REJECT) header.from=mihon.example.jp';
    const fail = 'mx.mihon.example.jp; dmarc=fail header.from=mihon.example.jp';

    it('takes an aligned dmarc=pass of the relay itself', () => {
      expect(through(pass)).to.deep.include({ level: 'staff', means: 'authentication-results' });
      expect(
        through('MX.Mihon.Example.JP 1; spf=pass; DMARC=PASS header.from=Mihon.example.jp').level,
      ).to.equal('staff');
    });

    it('looks at the topmost verdict of the relay only, so a forged copy below changes nothing', () => {
      expect(through(fail, pass).level).to.equal('unproven');
      expect(through('mx.mihon.example.jp; spf=pass', pass).level).to.equal('unproven');
      expect(through('inner.mihon.example.jp; none', pass).level).to.equal('staff');
    });

    it('takes nothing else', () => {
      for (const results of [
        [],
        ['evil.example.jp; dmarc=pass header.from=mihon.example.jp'],
        ['mx.mihon.example.jp; dmarc=pass header.from=sample.example.jp'],
        ['mx.mihon.example.jp; dmarc=pass'],
        ['mx.mihon.example.jp; dkim=pass header.d=mihon.example.jp; spf=pass'],
        ['mx.mihon.example.jp; dmarc=none header.from=mihon.example.jp'],
        [`${pass}; dmarc=fail header.from=mihon.example.jp`],
        ['mx.mihon.example.jp; x="; dmarc=pass header.from=mihon.example.jp"'],
        ['mx.mihon.example.jp; spf=fail (; dmarc=pass header.from=mihon.example.jp)'],
        ['mx.mihon.example.jp (; dmarc=pass header.from=mihon.example.jp'],
      ]) {
        expect(through(...results).level, results.join()).to.equal('unproven');
      }
      expect(judge('sato@mihon.example.jp', { relay: { name: 'mx', kind: 'mx' } }, [pass]).level).to.equal(
        'unproven',
      );
    });
  });

  it('reads quoted values and several properties', () => {
    const value =
      'mx.example.jp; dkim=pass (1024 bit; (nested)) header.d="a;b" header.i=@x; spf=softfail smtp.mailfrom=y';
    expect(readAuthenticationResults(value)).to.deep.equal({
      authservId: 'mx.example.jp',
      results: [
        {
          method: 'dkim',
          result: 'pass',
          properties: new Map([
            ['header.d', 'a;b'],
            ['header.i', '@x'],
          ]),
        },
        { method: 'spf', result: 'softfail', properties: new Map([['smtp.mailfrom', 'y']]) },
      ],
    });
    expect(readAuthenticationResults('; dmarc=pass')).to.equal(null);
  });

  it('sees one address behind every way to write it', () => {
    expect(normaliseAddress(' Ｆｏｏ..Bar@DOCOMO.example.jp ')).to.equal('foo..bar@docomo.example.jp');
  });
});
