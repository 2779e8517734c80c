/** The filters that contents of old programs come in, against what Ghostscript encodes (ISO 32000-2 7.4.2 to 7.4.5). */
import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { decodeStream } from '../../signing/pdf/filters.ts';
import { dictOf, PdfName, type PdfObject } from '../../signing/pdf/objects.ts';
import { PdfProblem } from '../../signing/pdf/problem.ts';

/** Ghostscript's `LZWEncode` of SQUARES, EarlyChange 1 and 0: codes of nine and of ten bits. */
const LZW = [
  'gAAAIEBIQDIkGJAKJkPKQVLEcIAEJENKQXLkCJAOKkbIQJKEYIAII1PTBBRVUTxISVdRBTT1AZiYYmRbyLbGGaiCY3VgjTgXSgTS',
  'gXJrULroOoESooNwFTw5ax1CxqB62L4KW4XZB7GDnUAMZKIJIMaJJCTdVR5JTOUZ6KYuXibPhfIjcYqwTo9FwhCwNW6yV6uMBjNB',
  'vFI0IJQCQlHRRDY2KZyIhnRizRq4coUewpLxGP66e7nFBrMKoeI8HSJbTeGaKSjvJhcXogGydAwiR7+ECTBAwVIkKTRKSGBaSZhX',
  'cgkWpIRwlN4KU73TA7SI4SQ9dRKfZfCjLGrwLwdbxSC6PLAjUJweTFJYifaHMj0appJw1Z66LBHdLcQR5EYPA2ZZmEAQoeiMAQHm',
  'ecBSFyQJNDMQYpjoJA2iKNwlDuK5EDYUJEmEVx1m2DgICqJpLEkb5vhgGgdICA==',
].join('');
const LZW_LATE = [
  'gAAAIEBIQDIkGJAKJkPKQVLEcIAEJENKQXLkCJAOKkbIQJKEYIAII1PTBBRVUTxISVdRBTT1AZiYYmRbyLbGGaiCY3VgjTgXSgTS',
  'gXJrULroOoESooNwFTw5ax1CxqB62L4KW4XZB7GDnUAMZKIJIMaJJCTdVR5JTOUZ6KYuXibPhfIjcYqwTo9FwhCwNW6yV6uMBjNB',
  'vFI0IJQCQlHRRDY2KZyIhnRizRq4coUewpLxGP66e7nFBrMKoeI8HSJbTeGaKSjvJhcXogGydAwiR7+ECTBAwVIkKTRKSGBaSZhX',
  'cgkWpIRwlN4KU73TA7SI4SQ9dRKfZfCjLGrwLwdbxSC6PLAjUJweTFJYifaHMj0appJw1Z66LBHdLcQR5EYeBsyzMIAhQ9EYAgPM',
  '84CkLkgSaGYgxTHQSBtEUbhKHcVyIGwoSJMIrjrNsHAQFUTSWJI3zfDANA6QEA==',
].join('');
/** Its `ASCII85Encode`. */
const ASCII85 = [
  "!!*3/&/c_n5Z)';OJr6=!$OaEO9\">R5]NUQ!(hj[!'u8<&6Yh!5`l%,OQf0,!!'qdOSNG7!3mf;",
  '&-)\\1z!!~>',
].join('\n');
const SQUARES = Uint8Array.from({ length: 300 }, (_, index) => ((index * index) % 1103) % 256);

const decoded = (filter: PdfObject, data: Uint8Array | string, params: PdfObject = null): Buffer => {
  const octets = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return Buffer.from(decodeStream(dictOf({ Filter: filter, DecodeParms: params }), octets));
};
const name = (filter: string): PdfName => new PdfName(filter);
const refused = (filter: string, data: string): void => {
  expect(() => decoded(name(filter), data)).to.throw(PdfProblem);
};

describe('signing/pdf: filters', () => {
  it('read LZW as its codes grow wider, early or late', () => {
    const [early, late] = [LZW, LZW_LATE].map((text) => Buffer.from(text, 'base64'));
    expect(decoded(name('LZWDecode'), early!)).to.deep.equal(Buffer.from(SQUARES));
    expect(decoded(name('LZWDecode'), late!, dictOf({ EarlyChange: 0 }))).to.deep.equal(Buffer.from(SQUARES));
  });

  it('read ASCII85 with zeros for short and a group left open', () => {
    const squares = Array.from({ length: 61 }, (_, index) => (index % 7 === 0 ? 0 : (index * index) % 256));
    const expected = Buffer.concat([Buffer.from(squares), Buffer.alloc(8)]);
    expect(decoded(name('ASCII85Decode'), ASCII85).equals(expected)).to.equal(true);
    expect(decoded(name('ASCII85Decode'), '9jqo~> what follows').toString()).to.equal('Man');
  });

  it('read ASCIIHex with white space and an odd number of digits', () => {
    expect(decoded(name('ASCIIHexDecode'), '48 65\n6C6c 7>').toString()).to.equal('Hellp');
  });

  it('read RunLength as Ghostscript writes it', () => {
    const data = Buffer.from('2QDZAdkC2QPZBNkF2QbsBwpubyBydW4gaGVyZYA=', 'base64');
    const runs = Array.from({ length: 301 }, (_, index) => Math.floor(index / 40));
    const expected = Buffer.concat([Buffer.from(runs), Buffer.from('no run here')]);
    expect(decoded(name('RunLengthDecode'), data).equals(expected)).to.equal(true);
  });

  it('undo several in their order', () => {
    const both = [name('ASCIIHexDecode'), name('RunLengthDecode')];
    expect(decoded(both, 'FE41 00 42 80>').toString()).to.equal('AAAB');
  });

  it('stop where the data unfold beyond what is asked for', () => {
    const limit = 1 << 20;
    const zeros = new Uint8Array(100 << 20);
    const flate = deflateSync(zeros);
    const runs = Buffer.alloc(1 << 16, Buffer.of(129, 0));
    const early = Buffer.from(LZW, 'base64');
    const over = (filter: PdfObject, data: Uint8Array, most: number) => () =>
      decodeStream(dictOf({ Filter: filter }), data, most);
    const hex = Buffer.from(`${flate.toString('hex')}>`);
    expect(over([name('ASCIIHexDecode'), name('FlateDecode')], hex, limit)).to.throw(PdfProblem);
    expect(over(name('RunLengthDecode'), runs, limit)).to.throw(PdfProblem, 'unfold too far');
    expect(over(name('LZWDecode'), early, SQUARES.length - 1)).to.throw(PdfProblem, 'unfold too far');
    expect(over(name('LZWDecode'), early, SQUARES.length)).not.to.throw();
  });

  it('refuse what they cannot read, and pictures', () => {
    refused('ASCIIHexDecode', 'xyz>');
    refused('ASCII85Decode', 'uuuuu~>');
    refused('LZWDecode', '\x80\x7f\xff');
    refused('FlateDecode', 'no zlib data');
    refused('DCTDecode', '');
  });
});
