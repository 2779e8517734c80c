// Derived secrets: short enough for a local part, typed back in any case, of one purpose each, impossible to guess at (decided 3).
import { expect } from 'chai';
import fc from 'fast-check';
import { base32, messageIdOf, secrets } from '../../gateway/app/secrets.ts';
import { masterKey } from '../../storage/keys.ts';
import type { SecretPurpose } from '../../storage/secrets.ts';

const PURPOSES: readonly SecretPurpose[] = ['consent', 'download', 'reply', 'bounce'];
const ours = secrets(masterKey(Buffer.alloc(32, 1)));
const MAIL = 'mlhx3c5bqk2vtnwy:3:signatureRequest:step-1';

describe('secrets', () => {
  for (const purpose of PURPOSES) {
    it(`for ${purpose} are 42 characters that lead back to their id`, () => {
      const id = ours.idFor(purpose, MAIL);
      const text = ours.textOf(purpose, id);
      expect(text).to.match(/^[a-z2-7]{42}$/);
      expect(ours.open(purpose, text)).to.equal(id);
    });

    it(`for ${purpose} open nothing else`, () => {
      const text = ours.textOf(purpose, ours.idFor(purpose, MAIL));
      for (const other of PURPOSES.filter((candidate) => candidate !== purpose)) {
        expect(ours.open(other, text), other).to.equal(undefined);
      }
    });
  }

  it('are the same for a mail that is sent once more, and another for every mail and purpose', () => {
    const again = secrets(masterKey(Buffer.alloc(32, 1)));
    expect(again.idFor('consent', MAIL)).to.equal(ours.idFor('consent', MAIL));
    const mails = [MAIL, MAIL.replace(':3:', ':4:'), MAIL.replace('step-1', 'step-2')];
    const ids = mails.flatMap((mail) => PURPOSES.map((purpose) => ours.idFor(purpose, mail)));
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('survive mail systems and people that change the case', () => {
    const id = ours.idFor('reply', MAIL);
    expect(ours.open('reply', ours.textOf('reply', id).toUpperCase())).to.equal(id);
  });

  it('refuse every single character changed', () => {
    const text = ours.textOf('consent', ours.idFor('consent', MAIL));
    for (let at = 0; at < text.length; at++) {
      const altered = text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
      expect(ours.open('consent', altered), `character ${at}`).to.equal(undefined);
    }
  });

  it('refuse what another master key made', () => {
    const theirs = secrets(masterKey(Buffer.alloc(32, 2)));
    expect(ours.open('consent', theirs.textOf('consent', theirs.idFor('consent', MAIL)))).to.equal(undefined);
  });

  it('refuse any other text without an exception', () => {
    const text = ours.textOf('consent', ours.idFor('consent', MAIL));
    // The Kelvin sign folds to k: a text that only looks right in another alphabet must not pass or throw.
    for (const other of [
      '',
      text.slice(1),
      `${text}a`,
      ` ${text}`,
      `${text}\n`,
      'K'.repeat(42),
      '１'.repeat(42),
    ]) {
      expect(ours.open('consent', other), JSON.stringify(other)).to.equal(undefined);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (other) => ours.open('consent', other) === undefined),
    );
  });

  it('fit a local part of 64 octets beside the address they extend', () => {
    const secret = ours.textOf('bounce', ours.idFor('bounce', MAIL));
    expect(Buffer.byteLength(`keiyaku+b-${secret}`)).to.be.at.most(64);
    // 42 characters leave this much for the municipality's own local part, plus sign and mark.
    expect(64 - secret.length).to.equal(22);
  });

  it('have a code of four digits for people to type, which depends on whose turn it is', () => {
    const holder = { contract: 'abcdefghijklmnop', participant: 'step-2' };
    const codes = Array.from({ length: 50 }, (_, generation) => ours.codeOf({ ...holder, generation }));
    for (const code of codes) expect(code).to.match(/^[0-9]{4}$/);
    expect(new Set(codes).size).to.be.greaterThan(40);
    expect(ours.codeOf({ ...holder, generation: 7 })).to.equal(codes[7]);
  });
});

describe('base32', () => {
  it('gives the values of RFC 4648 section 10, in lower case and unpadded', () => {
    const known = {
      '': '',
      f: 'my',
      fo: 'mzxq',
      foo: 'mzxw6',
      foob: 'mzxw6yq',
      fooba: 'mzxw6ytb',
      foobar: 'mzxw6ytboi',
    };
    for (const [text, expected] of Object.entries(known))
      expect(base32(Buffer.from(text))).to.equal(expected);
  });
});

describe('Message-ID', () => {
  it('stays the same for the same mail and is one RFC 5322 addr-spec', () => {
    const id = messageIdOf(MAIL, 'mihon.example.jp');
    expect(id).to.match(/^<[a-z2-7]{32}@mihon\.example\.jp>$/);
    expect(messageIdOf(MAIL, 'mihon.example.jp')).to.equal(id);
    expect(messageIdOf(`${MAIL}x`, 'mihon.example.jp')).to.not.equal(id);
  });
});
