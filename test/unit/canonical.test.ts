// Events as stored octets: they come back as they were, and no octet of them speaks of a person to whoever has no key (decided 4).
import { expect } from 'chai';
import {
  chainHash,
  decodeEvent,
  encodeEvent,
  FIRST_PREVIOUS_HASH,
  stringify,
} from '../../gateway/app/canonical.ts';
import { PERSONAL_TEXTS, SAMPLE_EVENTS } from '../support/events.ts';

const KEY = Buffer.alloc(32, 3);
const CONTRACT = 'abc';

/** Every text that is readable in the canonical octets, under its path. */
function readable(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => readable(inner, `${path}.${key}`));
}

describe('canonical events', () => {
  for (const event of SAMPLE_EVENTS) {
    describe(event.type, () => {
      const canonical = encodeEvent(event, CONTRACT, KEY);

      it('comes back as it was', () => {
        expect(decodeEvent(canonical, CONTRACT, event.seq, KEY)).to.deep.equal(event);
      });

      it('says nothing personal to whoever has no key', () => {
        const { personal, ...open } = JSON.parse(canonical.toString('utf8'));
        expect(personal).to.match(/^[A-Za-z0-9+/]+=*$/);
        for (const text of PERSONAL_TEXTS) expect(stringify(open)).to.not.include(text);
        // Ids, codes, hashes and times are ASCII without blanks; anything else is free text that may name somebody.
        for (const [path, value] of readable(open)) expect(value, path).to.match(/^[\w.:/-]*$/);
      });
    });
  }

  const event = SAMPLE_EVENTS[0]!;

  it('hold the samples’ personal texts, so that their absence above means something', () => {
    const said = JSON.stringify(SAMPLE_EVENTS);
    for (const personal of PERSONAL_TEXTS) expect(said).to.include(personal);
  });

  it('are read in their own place only', () => {
    const canonical = encodeEvent(event, CONTRACT, KEY);
    expect(() => decodeEvent(canonical, CONTRACT, event.seq + 1, KEY)).to.throw();
    expect(() => decodeEvent(canonical, 'other', event.seq, KEY)).to.throw();
    expect(() => decodeEvent(canonical, CONTRACT, event.seq, Buffer.alloc(32, 4))).to.throw();
  });

  it('of an unknown version are not guessed at', () => {
    const newer = Buffer.from(
      encodeEvent(event, CONTRACT, KEY)
        .toString('utf8')
        .replace(/"v":\d+/, '"v":99'),
    );
    expect(() => decodeEvent(newer, CONTRACT, event.seq, KEY)).to.throw('unknown version 99');
  });

  it('are hashed with all that went before', () => {
    const canonical = encodeEvent(event, CONTRACT, KEY);
    const hash = chainHash(FIRST_PREVIOUS_HASH, canonical);
    expect(hash).to.match(/^[0-9a-f]{64}$/);
    expect(chainHash(FIRST_PREVIOUS_HASH, canonical)).to.equal(hash);
    expect(chainHash('1'.repeat(64), canonical)).to.not.equal(hash);
    const altered = Buffer.from(canonical);
    altered[0]! ^= 1;
    expect(chainHash(FIRST_PREVIOUS_HASH, altered)).to.not.equal(hash);
  });

  it('have one spelling whatever the order of their keys', () => {
    expect(stringify({ b: [{ d: 1, c: 2 }], a: null })).to.equal('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(stringify({ a: null, b: [{ c: 2, d: 1 }] })).to.equal('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
