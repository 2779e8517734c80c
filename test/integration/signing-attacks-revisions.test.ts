/** Attacks by what is appended to signed PDFs: incremental saving, closing timestamps that bring more (ISO 32000-2 7.5.6). */
import { expect } from 'chai';
import { bytesSource } from '../../signing/index.ts';
import { PdfDocument } from '../../signing/pdf/document.ts';
import { dictOf, PdfRef, serialize, textString } from '../../signing/pdf/objects.ts';
import { firstPage } from '../../signing/pdf/pages.ts';
import { type Attack, attackedFiles, FORGED, itRefuses, problemsOf } from '../support/attacks.ts';
import {
  type AddedSignature,
  addedSignature,
  numberOf,
  objectOf,
  octets,
  ROOT,
  startxref,
  text,
} from '../support/forging.ts';
import { appendRevision, streamText } from '../support/pdf-build.ts';
import { FIELDS } from '../support/pdf-signing.ts';
import { pdfFixture } from '../support/pdf-tools.ts';

const NOTE = '<</Type /Annot /Subtype /FreeText /Rect [0 0 500 500] /Contents (999999)>>';

describe('signing: attacks by revisions', () => {
  const files = attackedFiles();

  const appended =
    (objects: (file: Uint8Array) => Record<number, string>): Attack['make'] =>
    (file) =>
      appendRevision(file, objects(file), { trailer: ROOT });

  const catalog = (file: Uint8Array, added: string): Record<number, string> => ({
    1: objectOf(file, 1).replace('<<', `<<${added} `),
  });

  const attacks: Record<string, readonly Attack[]> = {
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
          const field = Number(/\n(\d+) 0 obj\n<<[^\n]*\/V \d+ 0 R/.exec(text(files().first))![1]);
          return { [field]: objectOf(file, field).replace(/\/V \d+ 0 R/, '') };
        }),
        why: /changed: objects/,
      },
      {
        what: 'with the signatures of two fields exchanged',
        make: appended((file) => {
          const fields = [...text(files().second).matchAll(/\n(\d+) 0 obj\n<<[^\n]*\/V (\d+) 0 R/g)];
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
          const empty = Number(
            new RegExp(`\\n(\\d+) 0 obj\\n<<[^\\n]*/T <${hex}>`).exec(text(files().prepared))![1],
          );
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
    'closing timestamps that bring more than a timestamp': (
      [
        ['a field that shows', { field: () => ({ Rect: [0, 0, 500, 500] }) }, /no invisible signature field/],
        ['a field with an action', { field: () => ({ A: textString('x') }) }, /no invisible signature field/],
        [
          'a field with an appearance',
          {
            field: (writer) => ({
              AP: dictOf({ N: writer.addStream(dictOf({}), Buffer.from('0 0 500 500 re f')) }),
            }),
          },
          /no invisible signature field/,
        ],
        ['a field on no page', { field: () => ({ P: new PdfRef(5) }) }, /changed: the page of a new field/],
        ['a turned page', { also: (writer, page) => writer.edit(page, ['Rotate'], () => 90) }, /the page of/],
        ['an object of its own', { also: (writer) => void writer.add(textString('hidden')) }, /objects/],
      ] satisfies [string, Pick<AddedSignature, 'field' | 'also'>, RegExp][]
    ).map(
      ([what, more, why]): Attack => ({
        what,
        make: (file) =>
          addedSignature(file, {
            name: 'DocumentTimestamp9',
            kind: 'document-timestamp',
            sign: async (digest) => (await files().world.timestampAuthority.timestamp(digest)).der,
            ...more,
          }),
        why,
      }),
    ),
  };

  itRefuses(attacks, files);

  it('page contents replaced between two consents, the second made in good faith', async () => {
    const between = appendRevision(files().first, { 4: FORGED }, { trailer: ROOT });
    const file = await files().world.concluded(await files().world.sealed(between, FIELDS[1]!));
    const report = await files().world.verified(file, 'B-LTA');
    expect(problemsOf(report)).to.match(/changed: objects 4/);
    expect(report).to.include({ valid: false, verdict: 'altered' });
    expect(report.signatures[0]).to.include({ valid: false, verdict: 'altered' });
  });

  it('a page exchanged from within an object stream', async () => {
    const file = await files().world.executed(pdfFixture('object-streams'));
    const document = await PdfDocument.open(bytesSource(file));
    const { ref, dict } = await firstPage(document);
    const page = serialize(dict.with('Rotate', 180));
    const index = `${ref.num} 0 `;
    const packed = `/Type /ObjStm /N 1 /First ${index.length}`;
    const holder = document.nextNumber;
    const [stream, section] = [file.length, holder + 1];
    const container = `${holder} 0 obj\n${streamText(packed, index + page)}\nendobj\n`;
    const at = stream + container.length;
    const rows = Buffer.concat([
      Buffer.from([2, 0, 0, 0, 0]),
      Buffer.from([1, 0, 0, 0, 0]),
      Buffer.from([1, 0, 0, 0, 0]),
    ]);
    rows.writeUIntBE(holder, 1, 3);
    rows.writeUIntBE(stream, 6, 3);
    rows.writeUIntBE(at, 11, 3);
    const entries = `/Type /XRef /Size ${section + 1} /Index [${ref.num} 1 ${holder} 2] /W [1 3 1] /Prev ${startxref(file)}`;
    const root = `/Root ${document.rootRef.num} 0 R`;
    const xref = `${section} 0 obj\n${streamText(`${entries} ${root}`, rows.toString('latin1'))}\nendobj\n`;
    const tail = octets(`${container}${xref}startxref\n${at}\n%%EOF\n`);
    const report = await files().world.verified(Buffer.concat([file, tail]), 'B-LTA');
    expect(problemsOf(report)).to.include(`changed: objects ${ref.num}`);
    expect(report).to.include({ valid: false, verdict: 'altered' });
  });

  it('an extra entry slipped into the next consent', async () => {
    const page = objectOf(files().first, 3).replace('<<', '<</Rotate 180 ');
    const between = appendRevision(files().first, { 3: page }, { trailer: ROOT });
    const report = await files().world.verified(await files().world.sealed(between, FIELDS[1]!), 'B-T');
    expect(problemsOf(report)).to.match(/changed: objects 3/);
    expect(report).to.include({ valid: false, verdict: 'altered' });
  });
});
