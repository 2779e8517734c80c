/**
 * Known attacks on signed PDFs, each of which verification has to see and to name: incremental saving, shadow, forged
 * ranges, wrapping, confused cross-references.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import type { Verdict, VerificationProfile, VerificationReport } from '../../signing/index.ts';
import { textString } from '../../signing/pdf/objects.ts';
import {
  addedSignature,
  cutBack,
  numberOf,
  objectOf,
  octets,
  ROOT,
  replaced,
  startxref,
  text,
} from '../support/forging.ts';
import { appendRevision, buildPdf, onePage, streamText } from '../support/pdf-build.ts';
import { FIELDS, openSigningWorld, type SigningWorld } from '../support/pdf-signing.ts';
import { rawSignatures } from '../support/pdf-tools.ts';

const FORGED = streamText('', 'BT /F1 24 Tf 72 700 Td (Contract 999999 yen) Tj ET');
const PAGE = '/MediaBox [0 0 595 842] /Annots [6 0 R]';
const NOTE = '<</Type /Annot /Subtype /FreeText /Rect [0 0 500 500] /Contents (999999)>>';

/** Two pages, a note on the first, a number that stayed free, and a dead object that shows another price. */
function upload(): Buffer {
  const { bytes } = buildPdf({
    ...onePage(PAGE),
    2: '<</Type /Pages /Kids [3 0 R 8 0 R] /Count 2 /Resources <</Font <</F1 5 0 R>>>>>>',
    6: '<</Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (note)>>',
    8: '<</Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 595 842]>>',
  });
  return octets(
    text(bytes)
      .replace('\nxref\n', `\n4 0 obj\n${FORGED}\nendobj\nxref\n`)
      .replace(
        /startxref\n(\d+)/,
        (_, at) => `startxref\n${Number(at) + `4 0 obj\n${FORGED}\nendobj\n`.length}`,
      ),
  );
}

describe('signing: attacks that verification refuses', function () {
  this.timeout(60_000);
  let world: SigningWorld;
  let prepared: Uint8Array;
  let first: Uint8Array;
  let second: Uint8Array;
  let executed: Uint8Array;
  let other: Uint8Array;

  before(async () => {
    world = await openSigningWorld();
    prepared = await world.prepared(upload());
    first = await world.sealed(prepared, FIELDS[0]!);
    second = await world.sealed(first, FIELDS[1]!);
    executed = await world.concluded(second);
    const twin = text(upload()).replace('Contract 100 yen', 'Contract 700 yen');
    other = await world.executed(octets(twin));
    // What is refused below is refused for the attack alone.
    expect(await world.verified(first, 'B-T')).to.include({ valid: true, verdict: 'valid' });
    expect(await world.verified(second, 'B-T')).to.include({ valid: true, verdict: 'valid' });
    expect(await world.verified(executed, 'B-LTA')).to.include({ valid: true, verdict: 'valid' });
    expect(await world.verified(other, 'B-LTA')).to.include({ valid: true, verdict: 'valid' });
  });
  after(() => world.close());

  const problemsOf = (report: VerificationReport): string =>
    [...report.problems, ...report.signatures.flatMap((signature) => signature.problems)].join('\n');

  const judged = async (
    file: Uint8Array,
    profile: VerificationProfile,
    verdict: Verdict,
    why: RegExp,
  ): Promise<void> => {
    const report = await world.verified(file, profile);
    expect(problemsOf(report)).to.match(why);
    expect(report).to.include({ valid: false, verdict });
  };

  /** `on`: at B-LTA the executed file, or at B-T the one with the first consent; all end as `altered` unless told. */
  interface Attack {
    readonly what: string;
    readonly on?: 'executed' | 'first';
    readonly make: (file: Uint8Array) => Uint8Array | Promise<Uint8Array>;
    readonly why: RegExp;
    readonly verdict?: Verdict;
  }

  const appended =
    (objects: (file: Uint8Array) => Record<number, string>, trailer = ROOT): Attack['make'] =>
    (file) =>
      appendRevision(file, objects(file), { trailer });

  const catalog = (file: Uint8Array, added: string): Record<number, string> => ({
    1: objectOf(file, 1).replace('<<', `<<${added} `),
  });

  /** Writes the first signature's dictionary anew. */
  const signature = (change: (dict: string) => string): Attack['make'] =>
    appended((file) => {
      const at = numberOf(first, /\/V (\d+) 0 R/g);
      const before = objectOf(file, at);
      expect(change(before)).not.to.equal(before);
      return { [at]: change(before) };
    });

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
          const live = text(upload()).indexOf('4 0 obj');
          const dead = text(upload()).lastIndexOf('4 0 obj');
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
        make: range(([from, length, ,]) => [from, length, prepared.length - 1, 1]),
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
    'revisions appended': [
      {
        what: 'with another text on the page',
        make: appended(() => ({ 4: FORGED })),
        why: /changed: objects 4/,
      },
      {
        what: 'with another text on the page right after a consent',
        on: 'first',
        make: appended(() => ({ 4: FORGED })),
        why: /changed: objects 4/,
      },
      {
        what: 'with another font for the same text',
        make: appended(() => ({ 5: '<</Type /Font /Subtype /Type3 /FontBBox [0 0 1 1]>>' })),
        why: /changed: objects 5/,
      },
      {
        what: 'with a note laid over the page',
        make: appended((file) => ({
          3: objectOf(file, 3).replace('/Annots [', '/Annots [900 0 R '),
          900: NOTE,
        })),
        why: /changed: objects 3, 900/,
      },
      { what: 'with another text in a note', make: appended(() => ({ 6: NOTE })), why: /changed: objects 6/ },
      {
        what: 'that turn the page',
        make: appended((file) => ({ 3: objectOf(file, 3).replace('<<', '<</Rotate 180 ') })),
        why: /changed: objects 3/,
      },
      {
        what: 'that drop a page',
        make: appended((file) => ({
          2: objectOf(file, 2).replace('3 0 R 8 0 R', '3 0 R').replace('/Count 2', '/Count 1'),
        })),
        why: /changed: objects 2/,
      },
      {
        what: 'that exchange pages',
        make: appended((file) => ({ 2: objectOf(file, 2).replace('3 0 R 8 0 R', '8 0 R 3 0 R') })),
        why: /changed: objects 2/,
      },
      ...[
        '/OpenAction <</S /JavaScript /JS (x)>>',
        '/AA <</WC 900 0 R>>',
        '/Names <</JavaScript 900 0 R>>',
        '/OCProperties <</D <<>> /OCGs []>>',
        '/Perms <</DocMDP 900 0 R>>',
        '/Version /2.0',
      ].map(
        (entry): Attack => ({
          what: `whose catalog has ${entry}`,
          make: appended((file) => catalog(file, entry)),
          why: /changed: the catalog/,
        }),
      ),
      {
        what: 'with a key of the catalog given twice',
        make: appended((file) => catalog(file, '/Pages 900 0 R')),
        why: /changed: the catalog/,
      },
      {
        what: 'without a field',
        make: appended((file) => ({ 1: objectOf(file, 1).replace(/\/Fields \[\d+ 0 R /, '/Fields [') })),
        why: /the fields/,
      },
      {
        what: 'with a field emptied',
        make: appended((file) => {
          const field = Number(/\n(\d+) 0 obj\n<<[^\n]*\/V \d+ 0 R/.exec(text(first))![1]);
          return { [field]: objectOf(file, field).replace(/\/V \d+ 0 R/, '') };
        }),
        why: /changed: objects/,
      },
      {
        what: 'with the signatures of two fields exchanged',
        make: appended((file) => {
          const fields = [...text(second).matchAll(/\n(\d+) 0 obj\n<<[^\n]*\/V (\d+) 0 R/g)];
          const [[, one, hers], [, two, his]] = fields as unknown as [string[], string[]];
          return {
            [Number(one)]: objectOf(file, Number(one)).replace(`/V ${hers} 0 R`, `/V ${his} 0 R`),
            [Number(two)]: objectOf(file, Number(two)).replace(`/V ${his} 0 R`, `/V ${hers} 0 R`),
          };
        }),
        why: /coverage|changed/,
      },
      {
        what: 'that fill the second field with the first signature',
        on: 'first',
        make: appended((file) => {
          const name = textString(FIELDS[1]!);
          const hex = Buffer.from(name.bytes).toString('hex');
          const empty = Number(new RegExp(`\\n(\\d+) 0 obj\\n<<[^\\n]*/T <${hex}>`).exec(text(prepared))![1]);
          return {
            [empty]: objectOf(file, empty).replace('<<', `<</V ${numberOf(file, /\/V (\d+) 0 R/g)} 0 R `),
          };
        }),
        why: /changed|coverage/,
      },
      {
        what: 'with an object hung into the page through the DSS',
        make: appended((file) => {
          const dss = numberOf(file, /\/DSS (\d+) 0 R/g);
          return { 4: FORGED, [dss]: objectOf(file, dss).replace('/Certs [', '/Certs [4 0 R ') };
        }),
        why: /object 4 through the DSS/,
      },
      {
        what: 'with a number that had been free',
        make: appended((file) => {
          const dss = numberOf(file, /\/DSS (\d+) 0 R/g);
          return { 7: FORGED, [dss]: objectOf(file, dss).replace('/Certs [', '/Certs [7 0 R ') };
        }),
        why: /object 7, free before/,
      },
      {
        what: 'with an object that nothing needs',
        make: appended(() => ({ 950: FORGED })),
        why: /changed: objects 950/,
      },
    ],
    'cross-references forged': [
      {
        what: 'another catalog without a form',
        make: appended(() => ({ 900: '<</Type /Catalog /Pages 901 0 R>>' }), '/Root 900 0 R'),
        why: /no-signatures/,
        verdict: 'not-ours',
      },
      {
        what: 'another catalog with the form',
        make: appended((file) => {
          const form = /\/AcroForm <<.*?>>/s.exec(objectOf(file, 1))![0];
          return { 900: `<</Type /Catalog /Pages 2 0 R ${form}>>` };
        }, '/Root 900 0 R'),
        why: /the trailer/,
      },
      {
        what: 'an entry that points back at a dead object in what was signed (shadow)',
        make: (file) =>
          pointing(file, 4, `${String(text(upload()).lastIndexOf('4 0 obj')).padStart(10, '0')} 00000 n `),
        why: /changed: objects 4/,
      },
      {
        what: 'an entry that frees a note (shadow)',
        make: (file) => pointing(file, 6, '0000000000 00001 f '),
        why: /changed: objects 6/,
      },
      {
        what: 'an entry with another generation',
        make: (file) => {
          const at = text(file).length;
          const body = octets(`${text(file)}4 1 obj\n${FORGED}\nendobj\n`);
          return pointing(body, 4, `${String(at).padStart(10, '0')} 00001 n `, startxref(file));
        },
        why: /changed|unreadable/,
      },
      {
        what: 'a section that leads past a revision',
        make: (file) => {
          const inner = startxref(cutBack(file, 3));
          return pointing(file, 4, entryIn(file, 4), inner);
        },
        why: /stray|revisions/,
      },
      {
        what: 'sections in a loop',
        make: (file) => pointing(file, 4, entryIn(file, 4), file.length),
        why: /unreadable: cross-references in a loop/,
      },
      {
        what: 'objects that only readers of cross-reference streams see (hybrid)',
        make: (file) => {
          const at = file.length;
          const row = Buffer.from([1, (at >> 16) & 255, (at >> 8) & 255, at & 255, 0]).toString('latin1');
          const stream = streamText('/Type /XRef /Size 951 /Index [4 1] /W [1 3 1] /Root 1 0 R', row);
          const body = `${text(file)}4 0 obj\n${FORGED}\nendobj\n`;
          const xref = `950 0 obj\n${stream}\nendobj\n`;
          const table = 'xref\n0 0\n';
          const trailer = `trailer\n<</Size 951 ${ROOT} /Prev ${startxref(file)} /XRefStm ${body.length}>>\n`;
          const end = `startxref\n${body.length + xref.length}\n%%EOF\n`;
          return octets(`${body}${xref}${table}${trailer}${end}`);
        },
        why: /contradictory-xref|hidden/,
      },
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
          const [mine, theirs] = [file, other].map((one) => rawSignatures(one)[0]!.contents.toString('hex'));
          return replaced(file, mine!, theirs!);
        },
        why: /digest-mismatch/,
      },
      {
        what: 'the closing timestamp of another document',
        make: (file) => {
          const [mine, theirs] = [file, other].map((one) =>
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
          return world.executed(buildPdf({ ...onePage(), 3: page }).bytes);
        },
        why: /dangling: a later revision could supply object 950/,
      },
    ],
    'closing timestamps that bring more than a timestamp': [
      ...(
        [
          ['a field that shows', { Rect: [0, 0, 500, 500] }, /no invisible signature field/],
          ['a field with an action', { A: 'x' }, /no invisible signature field/],
        ] as const
      ).map(
        ([what, field, why]): Attack => ({
          what,
          make: (file) =>
            addedSignature(file, {
              name: 'DocumentTimestamp9',
              kind: 'document-timestamp',
              field: 'Rect' in field ? { Rect: field.Rect } : { A: textString('x') },
              sign: async (digest) => (await world.timestampAuthority.timestamp(digest)).der,
            }),
          why,
        }),
      ),
      {
        what: 'another text on the page',
        make: (file) =>
          addedSignature(file, {
            name: 'DocumentTimestamp9',
            kind: 'document-timestamp',
            sign: async (digest) => (await world.timestampAuthority.timestamp(digest)).der,
            also: (writer, page) => writer.edit(page, ['Rotate'], () => 90),
          }),
        why: /changed: the page/,
      },
      {
        what: 'an object of its own',
        make: (file) =>
          addedSignature(file, {
            name: 'DocumentTimestamp9',
            kind: 'document-timestamp',
            sign: async (digest) => (await world.timestampAuthority.timestamp(digest)).der,
            also: (writer) => void writer.add(textString('hidden')),
          }),
        why: /changed: objects/,
      },
    ],
  };

  for (const [group, rows] of Object.entries(attacks)) {
    describe(group, () => {
      for (const { what, on = 'executed', make, why, verdict = 'altered' } of rows) {
        it(what, async () => {
          const file = on === 'executed' ? executed : first;
          await judged(await make(file), on === 'executed' ? 'B-LTA' : 'B-T', verdict, why);
        });
      }
    });
  }

  it('any one changed bit, wherever it stands', async () => {
    const places = fc.tuple(fc.nat(executed.length - 1), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(places, async ([position, bit]) => {
        const forged = Buffer.from(executed);
        forged[position]! ^= 1 << bit;
        const { valid, verdict } = await world.verified(forged, 'B-LTA');
        expect(valid).to.equal(false);
        expect(verdict).to.be.oneOf(['altered', 'signer-unproven', 'unjudged']);
      }),
    );
  });

  it('page contents replaced between two consents, the second made in good faith', async () => {
    const between = appendRevision(first, { 4: FORGED }, { trailer: ROOT });
    const file = await world.concluded(await world.sealed(between, FIELDS[1]!));
    await judged(file, 'B-LTA', 'altered', /changed: objects 4/);
    const { signatures } = await world.verified(file, 'B-LTA');
    expect(signatures[0]).to.include({ valid: false, verdict: 'altered' });
  });

  it('an extra entry slipped into the next consent', async () => {
    const page = objectOf(first, 3).replace('<<', '<</Rotate 180 ');
    const between = appendRevision(first, { 3: page }, { trailer: ROOT });
    await judged(await world.sealed(between, FIELDS[1]!), 'B-T', 'altered', /changed: objects 3/);
  });

  /** Appends a table whose only entry is `entry` for object `num`. */
  function pointing(file: Uint8Array, num: number, entry: string, prev = startxref(file)): Buffer {
    const size = numberOf(executed, /\/Size (\d+)/g);
    const table = `xref\n${num} 1\n${entry}\n`;
    const trailer = `trailer\n<</Size ${size} ${ROOT} /Prev ${prev}>>\n`;
    return octets(`${text(file)}${table}${trailer}startxref\n${file.length}\n%%EOF\n`);
  }

  /** The table entry that leads to the upload's object. */
  function entryIn(file: Uint8Array, num: number): string {
    return `${String(text(file).indexOf(`\n${num} 0 obj`) + 1).padStart(10, '0')} 00000 n `;
  }
});
