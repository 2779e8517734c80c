// The small parts of the SMTP server: line ends, password hashes, relay networks, replies.

import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { hashPassword, verifyPassword } from '../../gateway/passwords.ts';
import { logIn } from '../../gateway/smtp/accounts.ts';
import { disciplined, LineFault } from '../../gateway/smtp/line-discipline.ts';
import { relayLookup } from '../../gateway/smtp/relays.ts';
import { replyForStoreFailure } from '../../gateway/smtp/replies.ts';

async function pass(chunks: string[], limit = 10_000): Promise<string | LineFault> {
  const out: Buffer[] = [];
  try {
    const octets = Readable.from(chunks.map((chunk) => Buffer.from(chunk, 'latin1')));
    for await (const chunk of disciplined(octets, limit)) out.push(chunk);
  } catch (error) {
    if (error instanceof LineFault) return error;
    throw error;
  }
  return Buffer.concat(out).toString('latin1');
}

describe('line discipline', () => {
  it('judges the same however the octets are cut into chunks', async () => {
    const octets = fc
      .array(fc.constantFrom('\r', '\n', '\r\n', 'a', '.'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(octets, fc.nat(12), async (text, cut) => {
        const verdict = await pass([text.slice(0, cut), text.slice(cut)].filter((chunk) => chunk !== ''));
        const clean = !/\r(?!\n)|(?<!\r)\n/.test(text);
        if (clean) expect(verdict).to.equal(text);
        else expect(verdict).to.be.instanceOf(LineFault);
      }),
    );
  });

  it('fails one octet over the limit and not at it', async () => {
    expect(await pass(['12345', '67890'], 10)).to.equal('1234567890');
    const fault = await pass(['12345', '678901'], 10);
    expect((fault as LineFault).code).to.equal('oversized');
  });
});

describe('accounts', () => {
  it('knows the right password from a wrong one, whatever the width it was typed in', async () => {
    const hash = await hashPassword('himitsu1');
    expect(hash).to.match(/^\$scrypt\$ln=15,r=8,p=1\$/);
    expect(await verifyPassword('himitsu1', hash)).to.equal(true);
    expect(await verifyPassword('ｈｉｍｉｔｓｕ１', hash)).to.equal(true);
    expect(await verifyPassword('himitsu2', hash)).to.equal(false);
    expect(await hashPassword('himitsu1')).to.not.equal(hash);
  });

  it('finds only the account that was named', async () => {
    const account = { username: 'sato', passwordHash: await hashPassword('a'), addresses: [] };
    expect(await logIn([account], 'sato', 'a')).to.equal(account);
    expect(await logIn([account], 'suzuki', 'a')).to.equal(null);
    expect(await logIn([account], 'sato', '')).to.equal(null);
  });

  it('says so when a hash cannot be read', async () => {
    const error = await verifyPassword('a', 'plain').catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error);
  });
});

describe('relay networks', () => {
  const lgwan = { name: 'lgwan', networks: ['192.0.2.0/24', '2001:db8::/32'], kind: 'submission' as const };
  const mx = {
    name: 'mx',
    networks: ['192.0.2.10', '198.51.100.1'],
    kind: 'mx' as const,
    authservId: 'mx.example.jp',
  };
  const find = relayLookup([lgwan, mx]);

  it('takes the first relay whose network contains the address', () => {
    expect(find('192.0.2.10')).to.equal(lgwan);
    expect(find('198.51.100.1')).to.equal(mx);
    expect(find('2001:db8::1')).to.equal(lgwan);
  });

  it('sees an IPv4-mapped address as IPv4, and no relay in strangers', () => {
    expect(find('::ffff:198.51.100.1')).to.equal(mx);
    expect(find('203.0.113.1')).to.equal(null);
    expect(find('not an address')).to.equal(null);
  });

  it('refuses a network it cannot read', () => {
    expect(() => relayLookup([{ ...lgwan, networks: ['192.0.2.0/33'] }])).to.throw('192.0.2.0/33');
  });
});

describe('replies', () => {
  it('never turns our own trouble into a permanent refusal', () => {
    const reply = replyForStoreFailure(Object.assign(new Error('ENOSPC'), { responseCode: 550 }));
    expect(reply.responseCode).to.equal(451);
    expect(reply.transient).to.equal(true);
    expect(reply.message).to.not.contain('ENOSPC');
    expect(replyForStoreFailure(new LineFault('bare-line-end')).responseCode).to.equal(554);
  });
});
