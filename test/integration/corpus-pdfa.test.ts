/** PDF/A stays PDF/A: what we append keeps the rules of ISO 19005-1 to -3, as qpdf and poppler see it (no validator is at hand). */
import { expect } from 'chai';
import { type Dictionary, type ReadFile, readByQpdf, type Value } from '../support/pdf-corpus/objects.ts';
import { openSigningWorld, type SigningWorld } from '../support/pdf-signing.ts';
import { judge, pdfFixture } from '../support/pdf-tools.ts';

const ARCHIVAL = [
  { name: 'libreoffice-pdfa-1b', part: 1, tagged: true },
  { name: 'ghostscript-pdfa-1b', part: 1, tagged: false },
  { name: 'pdfa-2-tagged', part: 2, tagged: true },
  { name: 'ghostscript-pdfa-2b', part: 2, tagged: false },
  { name: 'libreoffice-pdfa-3b', part: 3, tagged: true },
  { name: 'ghostscript-pdfa-3b', part: 3, tagged: false },
];
/** Annotation flags (ISO 32000-2 table 167). */
const [INVISIBLE, HIDDEN, PRINT, NO_VIEW, TOGGLE_NO_VIEW] = [1, 2, 4, 32, 256];
/** Filters that ISO 19005-1 6.1.10 leaves for what is no picture. */
const FILTERS = ['/FlateDecode', '/ASCIIHexDecode', '/ASCII85Decode', '/RunLengthDecode'];

describe('PDF/A, executed and renewed', () => {
  let world: SigningWorld;
  before(async () => {
    world = await openSigningWorld();
  });
  after(() => world.close());

  for (const { name, part, tagged } of ARCHIVAL)
    describe(`${name}.pdf`, () => {
      let upload: Uint8Array;
      let file: Uint8Array;
      let was: ReadFile;
      let is: ReadFile;
      let added: string;

      before(async () => {
        upload = pdfFixture(name);
        file = await world.concluded(await world.executed(upload));
        [was, is] = [readByQpdf(upload), readByQpdf(file)];
        added = Buffer.from(file.subarray(upload.length)).toString('latin1');
      });

      /** Objects that the upload does not have. */
      const ours = () => [...is.objects].filter(([ref]) => !was.objects.has(ref));
      const ourDictionaries = (): Dictionary[] => ours().map(([ref]) => is.dict(ref));

      it('keeps metadata, output intents and identifier', () => {
        for (const key of ['/Metadata', '/OutputIntents', '/MarkInfo', '/StructTreeRoot', '/Lang']) {
          expect(is.catalog[key], key).to.deep.equal(was.catalog[key]);
        }
        const metadata = String(was.catalog['/Metadata']);
        expect(is.objects.get(metadata)).to.deep.equal(was.objects.get(metadata));
        expect(is.objects.get(metadata)!.data!.toString()).to.match(
          new RegExp(`pdfaid:part(>|=['"])${part}`),
        );
        expect(is.array(is.trailer['/ID'])[0]).to.equal(was.array(was.trailer['/ID'])[0]);
        expect(is.array(is.catalog['/OutputIntents'])).not.to.have.length(0);
      });

      it('has no cross-reference or object streams that its upload has not', () => {
        expect(added).not.to.match(/\/(XRef|ObjStm|XRefStm|Encrypt)\b/);
        expect(added.match(/\nxref\n/g)).to.have.length(7);
        for (const line of added.match(/^\d{10} \d{5} [nf].*\n/gm)!) expect(line).to.have.length(20);
      });

      it('embeds every font, the stamp’s too', () => {
        const rows = judge('pdffonts', [], file).trim().split('\n').slice(2);
        expect(rows.join('\n')).to.include('NotoSansJP');
        for (const row of rows) expect(row).to.match(/\syes\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/);
        for (const font of ourDictionaries().filter((dict) => dict['/Subtype'] === '/CIDFontType2')) {
          expect(font['/CIDToGIDMap']).to.equal('/Identity');
          expect(is.dict(font['/FontDescriptor'])).to.include.keys('/FontFile2', '/CIDSet');
        }
      });

      it('gives each of our widgets the Print flag and nothing but a normal appearance', () => {
        const widgets = ourDictionaries().filter((dict) => dict['/Subtype'] === '/Widget');
        expect(widgets).to.have.length(4);
        for (const widget of widgets) {
          const flags = Number(widget['/F']);
          expect(flags & PRINT).to.equal(PRINT);
          expect(flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE_NO_VIEW)).to.equal(0);
          expect(Object.keys(is.dict(widget['/AP']))).to.deep.equal(['/N']);
          expect(widget).not.to.have.any.keys('/A', '/AA', '/C', '/IC', '/CA', '/MK');
        }
        const form = is.dict(is.catalog['/AcroForm']);
        expect(form).not.to.have.any.keys('/NeedAppearances', '/XFA');
      });

      it('marks the stamp as an artifact, outside the structure', () => {
        const contents = (page: ReadFile): readonly Value[] => {
          const value = page.firstPage['/Contents'];
          return Array.isArray(value) ? value : [value!];
        };
        const known = contents(was);
        const drawn = contents(is)
          .filter((ref) => !known.includes(ref))
          .map((ref) => is.objects.get(String(ref))!.data!.toString('latin1'))
          .join('\n');
        expect(drawn).to.match(/ Tj\b/);
        const outside = drawn.replace(/\/Artifact\b[\s\S]*?\bBDC\b[\s\S]*?\bEMC\b/g, '');
        expect(outside.trim()).to.match(/^[qQ\s]*$/);
        // Black needs no other colour space than the output intent covers.
        expect(drawn).not.to.match(/\s(rg|RG|k|K|cs|CS|scn?|SCN?|sh|gs)\s/);
        expect(is.firstPage['/StructParents']).to.equal(was.firstPage['/StructParents']);
        expect(is.catalog['/StructTreeRoot'] !== undefined).to.equal(tagged);
      });

      it('brings no transparency, scripts, files, or filters that the standard forbids', () => {
        for (const [ref, { data }] of ours()) {
          const dict = is.dict(ref);
          const forbidden = ['/SMask', '/ca', '/CA', '/BM', '/Group', '/JS', '/JavaScript', '/EF', '/AA'];
          expect(dict, ref).not.to.have.any.keys(...forbidden);
          if (data !== null) expect(dict, ref).not.to.have.any.keys('/F', '/FFilter', '/FDecodeParms');
          const filter = dict['/Filter'];
          // A signature's /Filter names its handler.
          if (data !== null && filter !== undefined) {
            for (const one of Array.isArray(filter) ? filter : [filter]) expect(FILTERS).to.include(one);
          }
        }
        expect(is.firstPage['/Group']).to.deep.equal(was.firstPage['/Group']);
      });
    });
});
