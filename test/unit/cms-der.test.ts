/** DER (X.690 §10): writes the one encoding there is, reads nothing else. */
import { expect } from 'chai';
import fc from 'fast-check';
import forge from 'node-forge';
import {
  bitString,
  certificateTime,
  children,
  fields,
  generalizedTime,
  integer,
  MalformedDer,
  octetString,
  oid,
  readBitString,
  readDer,
  readIntegerHex,
  readOid,
  readPadded,
  readTime,
  sequence,
  setOf,
} from '../../signing/cms/der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const forgeHex = (node: forge.asn1.Asn1) => forge.asn1.toDer(node).toHex();
const { Type, Class, create } = forge.asn1;

describe('DER', () => {
  it('writes what another encoder writes', () => {
    for (const id of ['1.2.840.113549.1.9.16.2.47', '2.16.840.1.101.3.4.2.1', '0.9.2342.19200300.100.1.25'])
      expect(hex(oid(id))).to.equal(
        forgeHex(create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(id).getBytes())),
      );
    for (const length of [0, 127, 128, 255, 256, 65_535, 65_536])
      expect(hex(octetString(new Uint8Array(length)))).to.equal(
        forgeHex(create(Class.UNIVERSAL, Type.OCTETSTRING, false, '\0'.repeat(length))),
      );
    for (const number of [0, 1, 127, 128, 255, 256, 32_768])
      expect(hex(integer(number))).to.equal(
        forgeHex(create(Class.UNIVERSAL, Type.INTEGER, false, forge.asn1.integerToDer(number).getBytes())),
      );
  });

  it('writes INTEGERs in their shortest, non-negative form', () => {
    expect(hex(integer(Uint8Array.of(0, 0, 0x80)))).to.equal('02020080');
    expect(hex(integer(2 ** 48 - 1))).to.equal('020700ffffffffffff');
    expect(readIntegerHex(readDer(integer(0)))).to.equal('00');
    expect(readIntegerHex(readDer(integer(Uint8Array.of(0, 0x80))))).to.equal('80');
  });

  it('sorts a SET OF by its encodings', () => {
    const members = [octetString(Uint8Array.of(2)), integer(7), octetString(Uint8Array.of(1))];
    expect(hex(setOf(...members))).to.equal('3109020107040101040102');
  });

  it('writes certificate times as UTCTime through 2049 and reads both kinds back', () => {
    const near = new Date('2049-12-31T23:59:59Z');
    const far = new Date('2050-01-01T00:00:00Z');
    expect(Buffer.from(certificateTime(near)).toString('latin1', 2)).to.equal('491231235959Z');
    expect(Buffer.from(certificateTime(far)).toString('latin1', 2)).to.equal('20500101000000Z');
    for (const time of [near, far]) {
      expect(readTime(readDer(certificateTime(time)))).to.deep.equal(time);
      expect(readTime(readDer(generalizedTime(time)))).to.deep.equal(time);
    }
  });

  it('reads fractions of a second, and refuses local and impossible times', () => {
    const timeOf = (text: string) =>
      readTime({ tag: 0x18, bytes: new Uint8Array(), value: Buffer.from(text) });
    expect(timeOf('20261121092523.25Z').toISOString()).to.equal('2026-11-21T09:25:23.250Z');
    expect(timeOf('20261121092523.123456Z').toISOString()).to.equal('2026-11-21T09:25:23.123Z');
    for (const wrong of ['20261121092523', '20261121092523+0900', '20261321092523Z', '2026Z'])
      expect(() => timeOf(wrong), wrong).to.throw(MalformedDer);
  });

  it('reads back any tree it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (values) => {
        const tree = sequence(sequence(...values.map(octetString)), bitString(Uint8Array.of(1)));
        const [list, bits] = fields(readDer(tree));
        expect(children(list!).map(({ value }) => hex(value))).to.deep.equal(values.map(hex));
        expect(hex(readBitString(bits))).to.equal('01');
      }),
    );
  });

  it('answers any octets with an element that covers them or MalformedDer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        try {
          expect(readDer(octets).bytes.length).to.equal(octets.length);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedDer);
        }
      }),
    );
  });

  it('refuses long lengths, indefinite lengths, cut and trailing octets', () => {
    for (const wrong of [
      '',
      '30',
      '3080',
      '308101',
      '30820001',
      '3003020100ff',
      '300302',
      '0481000',
      '1f0100',
    ])
      expect(() => readDer(Buffer.from(wrong, 'hex')), wrong).to.throw(MalformedDer);
  });

  it('lets only zeros follow in a signature hole', () => {
    expect(readOid(readPadded(Buffer.concat([oid('1.2.3'), Buffer.alloc(9)])))).to.equal('1.2.3');
    expect(() => readPadded(Buffer.concat([oid('1.2.3'), Buffer.from([0, 7])]))).to.throw(MalformedDer);
  });
});
