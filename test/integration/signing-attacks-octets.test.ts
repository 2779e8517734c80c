/** Attacks on the octets of signed PDFs: changed ones, forged byte ranges, stray ones, exchanged signatures (ISO 32000-2 12.8.1). */
import { expect } from 'chai';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { verify } from '../../signing/index.ts';
import {
  type Attack,
  attackedFiles,
  attackedUpload,
  FORGED,
  itRefuses,
  problemsOf,
} from '../support/attacks.ts';
import { numberOf, objectOf, octets, ROOT, replaced, startxref, text } from '../support/forging.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { rawSignatures } from '../support/pdf-tools.ts';

describe('signing: attacks on the octets', () => {
  const files = attackedFiles();

  /** Writes the first signature's dictionary anew. */
  const signature =
    (change: (dict: string) => string): Attack['make'] =>
    (file) => {
      const at = numberOf(files().first, /\/V (\d+) 0 R/g);
      const before = objectOf(file, at);
      expect(change(before)).not.to.equal(before);
      return appendRevision(file, { [at]: change(before) }, { trailer: ROOT });
    };

  /** Changes the first signature's /ByteRange in place. */
  const range =
    (change: (numbers: [number, number, number, number]) => number[]): Attack['make'] =>
    (file) => {
      const numbers = rawSignatures(file)[0]!.range as [number, number, number, number];
      const before = `/ByteRange [${numbers.join(' ')}`;
      const after = `/ByteRange [${change(numbers).join(' ')}`;
      const room = new RegExp(`${before.replace('[', '\\[')} *\\]`).exec(text(file))![0];
      return octets(text(file).replace(room, `${after}]`.padEnd(room.length)));
    };

  const attacks: Record<string, readonly Attack[]> = {
    'octets changed': [
      {
        what: 'in the contents of a page',
        make: (file) => replaced(file, 'Contract 100 yen', 'Contract 900 yen'),
        why: /digest-mismatch/,
      },
      {
        what: 'in the header',
        make: (file) => replaced(file, '%PDF-1.7', '%PDF-1.6'),
        why: /digest-mismatch/,
      },
      {
        what: 'in a signature’s reason',
        make: (file) => replaced(file, '/Reason <feff5c71', '/Reason <feff5ddd'),
        why: /digest-mismatch/,
      },
      {
        what: 'in a cross-reference entry of the upload, to a dead object that shows another price',
        make: (file) => {
          const live = text(attackedUpload()).indexOf('4 0 obj');
          const dead = text(attackedUpload()).lastIndexOf('4 0 obj');
          const entry = (at: number): string => `${String(at).padStart(10, '0')} 00000 n `;
          return octets(text(file).replace(entry(live), entry(dead)));
        },
        why: /digest-mismatch/,
      },
      {
        what: 'in the last cross-reference table',
        make: (file) => {
          const at = text(file).indexOf(' 00000 n', startxref(file)) - 1;
          return octets(`${text(file).slice(0, at)}x${text(file).slice(at + 1)}`);
        },
        why: /unreadable/,
      },
      {
        what: 'in the last startxref',
        make: (file) => replaced(file, `startxref\n${startxref(file)}`, `startxref\n${startxref(file) - 1}`),
        why: /unreadable|stray/,
      },
      {
        what: 'in a stored revocation answer',
        make: (file) => {
          const at = text(file).lastIndexOf('endstream', text(file).lastIndexOf('/DocTimeStamp')) - 30;
          const forged = Buffer.from(file);
          forged[at]! ^= 1;
          return forged;
        },
        why: /imprint-mismatch|unreadable/,
      },
      {
        what: 'in the hole of a consent, beneath the closing timestamp',
        make: (file) => {
          const { contents } = rawSignatures(file)[0]!;
          const hole = contents.toString('hex');
          return replaced(
            file,
            hole,
            `${hole.slice(0, 2000)}${hole[2000] === '0' ? '1' : '0'}${hole.slice(2001)}`,
          );
        },
        why: /imprint-mismatch/,
      },
      {
        what: 'in the padding of a hole',
        on: 'first',
        make: (file) => replaced(file, '00>', '01>'),
        why: /no DER followed by zeros/,
      },
      {
        what: 'to white space in the hole',
        on: 'first',
        make: (file) => replaced(file, '00>', '  >'),
        why: /pure hexadecimal/,
      },
      {
        what: 'to white space of odd length in the hole',
        on: 'first',
        make: (file) => replaced(file, '0>', ' >'),
        why: /pure hexadecimal/,
      },
      {
        what: 'to a key given twice in a signature',
        on: 'first',
        make: (file) => {
          const place = /\/Location <[0-9a-f]+>/.exec(text(file))![0];
          return replaced(file, place, '/Filter /Other'.padEnd(place.length));
        },
        why: /stands twice/,
      },
    ],
    'byte ranges forged': [
      {
        what: 'a wider hole (wrapping)',
        on: 'first',
        make: range(([from, length, resume, rest]) => [from, length, resume + 9, rest - 9]),
        why: /byte-range: leaves out/,
      },
      {
        what: 'a hole that begins earlier',
        on: 'first',
        make: range(([from, length, resume, rest]) => [from, length - 5, resume, rest]),
        why: /byte-range: leaves out/,
      },
      {
        what: 'octets left out at the start',
        on: 'first',
        make: range(([, length, resume, rest]) => [9, length - 9, resume, rest]),
        why: /byte-range: leaves out/,
      },
      {
        what: 'a second hole',
        on: 'first',
        make: range(([from, length, resume, rest]) => [from, 99, 199, length - 199, resume, rest]),
        why: /byte-range: not four/,
      },
      {
        what: 'an end before the revision’s',
        on: 'first',
        make: range(([from, length, resume, rest]) => [from, length, resume, rest - 40]),
        why: /coverage: does not end with a revision/,
      },
      {
        what: 'an end behind the file’s',
        on: 'first',
        make: range(([from, length, resume, rest]) => [from, length, resume, rest + 40]),
        why: /byte-range: does not end within the file/,
      },
      {
        what: 'an end at an earlier revision',
        on: 'first',
        make: range(([from, length, ,]) => [from, length, files().prepared.length - 1, 1]),
        why: /byte-range/,
      },
      ...(
        [
          ['no /ByteRange', / ?\/ByteRange \[[^\]]*\]/, '', /byte-range/],
          ['a null /ByteRange', /\/ByteRange \[[^\]]*\]/, '/ByteRange null', /byte-range/],
          ['negative numbers', /\/ByteRange \[[^\]]*\]/, '/ByteRange [0 10 20 -10]', /byte-range/],
          ['fractions', /\/ByteRange \[[^\]]*\]/, '/ByteRange [0 10.5 20.5 10]', /byte-range/],
          ['an empty /ByteRange', /\/ByteRange \[[^\]]*\]/, '/ByteRange []', /byte-range/],
          ['no /Contents', / ?\/Contents <[^>]*>/, '', /byte-range|contents/],
          ['null /Contents', /\/Contents <[^>]*>/, '/Contents null', /byte-range|contents/],
          ['empty /Contents', /\/Contents <[^>]*>/, '/Contents <>', /byte-range|contents/],
          ['zero /Contents', /\/Contents <[^>]*>/, '/Contents <00>', /byte-range|contents/],
          ['/Contents as a literal', /\/Contents <[^>]*>/, '/Contents (0)', /byte-range|contents/],
          ['another kind of signature', /ETSI\.CAdES\.detached/, 'adbe.pkcs7.detached', /structure/],
          ['no kind of signature', / ?\/SubFilter \/ETSI\.CAdES\.detached/, '', /structure/],
        ] as const
      ).map(
        ([what, pattern, put, why]): Attack => ({
          what: `${what} (universal forgery)`,
          make: signature((dict) => dict.replace(pattern, put)),
          why,
        }),
      ),
    ],
    'octets that belong to nothing': [
      {
        what: 'an object behind the end',
        make: (file) => Buffer.concat([file, octets(`900 0 obj\n${FORGED}\nendobj\n`)]),
        why: /truncated/,
      },
      {
        what: 'a comment behind the end',
        make: (file) => Buffer.concat([file, octets('% more\n')]),
        why: /junk-around/,
      },
      {
        what: 'octets before the header',
        make: (file) => Buffer.concat([octets('GIF89a\n'), file]),
        why: /junk-around/,
      },
      {
        what: 'an object between two revisions that no table lists',
        make: (file) => {
          const hidden = `${text(file)}4 0 obj\n(never listed)\nendobj\n`;
          const joined = octets(`${hidden}startxref\n${startxref(file)}\n%%EOF\n`);
          return appendRevision(joined, { 1: objectOf(file, 1) }, { trailer: ROOT });
        },
        why: /stray/,
      },
      {
        what: 'a cut through the last revision',
        make: (file) => file.subarray(0, file.length - 60),
        why: /truncated/,
      },
    ],
    'signatures and whole files exchanged': [
      {
        what: 'the first signature of another document',
        make: (file) => {
          const [mine, theirs] = [file, files().other].map((one) =>
            rawSignatures(one)[0]!.contents.toString('hex'),
          );
          return replaced(file, mine!, theirs!);
        },
        why: /digest-mismatch/,
      },
      {
        what: 'the closing timestamp of another document',
        make: (file) => {
          const [mine, theirs] = [file, files().other].map((one) =>
            rawSignatures(one).at(-1)!.contents.toString('hex'),
          );
          return replaced(file, mine!, theirs!);
        },
        why: /imprint-mismatch/,
      },
      {
        what: 'the whole file loaded and saved by a library that scans for objects',
        make: async (file) => {
          const saved = await (await PDFDocument.load(file)).save({ useObjectStreams: false });
          expect(text(saved)).to.include('999999');
          return saved;
        },
        why: /byte-range|structure|contents/,
      },
      {
        what: 'a page that waits for an object from a later revision',
        make: () => {
          const page = onePage()[3]!.replace('4 0 R', '[4 0 R 950 0 R]');
          return files().world.executed(buildPdf({ ...onePage(), 3: page }).bytes);
        },
        why: /dangling: a later revision could supply object 950/,
      },
    ],
  };

  itRefuses(attacks, files);

  describe('signatures in such numbers that judging them would take hours', () => {
    const SIZE = 1 << 20;

    /** One revision whose `count` signatures each claim to cover all of it. */
    function crowded(count: number): Buffer {
      const numbers = Array.from({ length: count }, (_, index) => 1000 + index);
      const wide = '0000000000';
      const range = `/ByteRange [0 ${wide} ${wide} ${wide}]`;
      const { bytes } = buildPdf({
        ...onePage(),
        1: `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [${numbers.map((num) => `${num} 0 R`).join(' ')}]>>>>`,
        ...Object.fromEntries(
          numbers.flatMap((num, index) => [
            [num, `<</FT /Sig /T (keiyakubin-${index + 1}) /V ${num + 1000} 0 R>>`],
            [num + 1000, `<</Type /Sig /SubFilter /ETSI.CAdES.detached ${range} /Contents <3003020105>>>`],
          ]),
        ),
        9000: streamText('', 'x'.repeat(SIZE)),
      });
      return octets(
        text(bytes).replaceAll(`${range} /Contents <3003020105>`, (whole, at: number) => {
          const start = at + whole.indexOf('<');
          const end = at + whole.length;
          const numbers = [start, end, bytes.length - end].map((one) => String(one).padStart(10, '0'));
          return whole.replace(range, `/ByteRange [0 ${numbers.join(' ')}]`);
        }),
      );
    }

    it('are not counted to the end', async () => {
      const report = await files().world.verified(crowded(500), 'B-LTA');
      expect(report).to.deep.include({ verdict: 'unjudged', problems: ['unreadable: 500 signatures'] });
    });

    it('are not hashed one by one', async () => {
      const file = crowded(100);
      let read = 0;
      const counting = {
        size: file.length,
        async read(offset: number, length: number): Promise<Uint8Array> {
          read += length;
          return file.subarray(offset, offset + length);
        },
      };
      const report = await verify(counting, { trust: [], profile: 'B-T', at: new Date() });
      expect(report.signatures).to.have.length(100);
      expect(problemsOf(report)).to.include('coverage: another signature claims the same revision');
      expect(report).to.include({ valid: false, verdict: 'altered' });
      expect(read).to.be.below(20 * SIZE);
    });
  });

  it('any one changed bit, wherever it stands', async () => {
    const places = fc.tuple(fc.nat(files().executed.length - 1), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(places, async ([position, bit]) => {
        const forged = Buffer.from(files().executed);
        forged[position]! ^= 1 << bit;
        const { valid, verdict } = await files().world.verified(forged, 'B-LTA');
        expect(valid).to.equal(false);
        expect(verdict).to.be.oneOf(['altered', 'signer-unproven', 'unjudged']);
      }),
    );
  });
});
