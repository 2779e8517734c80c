/** Hand-made files that must be refused, each for one reason of the closed list (signing/ports.ts PdfRefusalCode). */
import { buildHybrid, onePage, streamText } from '../pdf-build.ts';
import { A4, catalog, page } from './parts.ts';
import { type Objects, tableFile } from './raw.ts';

const withCatalog = (entries: string, others: Objects = {}): Buffer =>
  tableFile(page(A4, { ...others, 1: catalog(entries) }));

/** A filled signature field; its octets are no signature, which is nobody's business before it is refused. */
function signed(entries: { catalog?: string; field?: string; reference?: string }): Buffer {
  const field = `/Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 7 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R`;
  const reference = entries.reference === undefined ? '' : `/Reference [<<${entries.reference}>>]`;
  return withCatalog(`/AcroForm <</Fields [6 0 R] /SigFlags 3>> ${entries.catalog ?? ''}`, {
    3: `<</Type /Page /Parent 2 0 R /Contents 4 0 R ${A4} /Annots [6 0 R]>>`,
    6: `<<${field} ${entries.field ?? ''}>>`,
    7: `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 0 0 0] /Contents <00> ${reference}>>`,
  });
}

const docMdp = (level: number): string =>
  `/TransformMethod /DocMDP /TransformParams <</Type /TransformParams /P ${level} /V /1.2>>`;
const fieldMdp = (rest: string): string =>
  `/TransformMethod /FieldMDP /TransformParams <</Type /TransformParams /V /1.2 ${rest}>>`;

const file = '<</Type /Filespec /F (mitsumori.xlsx) /UF (mitsumori.xlsx) /EF <</F 7 0 R>>>>';
const embedded: Objects = { 6: file, 7: streamText('/Type /EmbeddedFile', 'PK') };

function replaced(from: RegExp, to: string): Buffer {
  const text = tableFile(onePage()).toString('latin1');
  return Buffer.from(text.replace(from, to), 'latin1');
}

/** Name (without .pdf) → octets. */
export const REFUSED: Readonly<Record<string, () => Buffer>> = {
  'not-a-pdf': () => Buffer.from('PK\x03\x04\x14\0\x06\0word/document.xml', 'latin1'),
  empty: () => Buffer.alloc(0),
  'startxref-elsewhere': () => replaced(/startxref\n\d+/, 'startxref\n20'),
  'entry-misses-object': () => replaced(/\d{10} 00000 n/, '0000000020 00000 n'),
  'no-pages': () =>
    tableFile({ 1: '<</Type /Catalog /Pages 2 0 R>>', 2: '<</Type /Pages /Kids [] /Count 0>>' }),
  'no-media-box': () => tableFile(onePage('')),
  'page-tree-loop': () => replaced(/Kids \[3 0 R\]/, 'Kids [2 0 R]'),
  'dangling-reference': () => replaced(/Contents 4 0 R/, 'Contents 9 0 R'),
  'table-too-large': () => replaced(/xref\n0 6/, 'xref\n0 999999999'),
  'page-is-a-catalog': () => replaced(/Kids \[3 0 R\]/, 'Kids [1 0 R]'),
  'junk-before': () => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), tableFile(onePage())]),
  'junk-after': () => Buffer.concat([tableFile(onePage()), Buffer.from('<html><p>印刷する</p></html>')]),
  'junk-after-long': () =>
    Buffer.concat([tableFile(onePage()), Buffer.from(`<html>${'<br>'.repeat(2000)}</html>`)]),
  'hybrid-contradictory': () => buildHybrid({ contradict: true }),
  'page-with-two-contents': () =>
    tableFile({
      ...onePage(`${A4} /Contents 6 0 R`),
      6: streamText('', 'BT /F1 24 Tf 72 700 Td (200 yen) Tj ET'),
    }),
  xfa: () =>
    withCatalog('/AcroForm <</Fields [] /XFA [(template) 6 0 R]>>', { 6: streamText('', '<template/>') }),
  'certified-no-changes': () => signed({ catalog: '/Perms <</DocMDP 7 0 R>>', reference: docMdp(1) }),
  'locked-after-signing': () =>
    signed({ field: '/Lock <</Type /SigFieldLock /Action /Include /Fields [] /P 1>>' }),
  'locked-all-fields': () => signed({ reference: fieldMdp('/Action /All') }),
  'locked-other-fields': () => signed({ reference: fieldMdp('/Action /Exclude /Fields [(amount)]') }),
  'signed-outside-the-form': () => {
    const bytes = signed({}).toString('latin1');
    return Buffer.from(bytes.replace('/Fields [6 0 R]', '/Fields [     ]'), 'latin1');
  },
  'certified-outside-the-form': () => {
    const bytes = signed({ catalog: '/Perms <</DocMDP 7 0 R>>', reference: docMdp(2) }).toString('latin1');
    return Buffer.from(
      bytes.replace('/Fields [6 0 R]', '/Fields [     ]').replace('/Annots [6 0 R]', '/Annots [     ]'),
      'latin1',
    );
  },
  'usage-rights': () => signed({ catalog: '/Perms <</UR3 7 0 R>>' }),
  'attachment-annotation': () =>
    tableFile({
      ...onePage(`${A4} /Annots [<</Type /Annot /Subtype /FileAttachment /FS 6 0 R /Rect [9 9 29 29]>>]`),
      ...embedded,
    }),
  'attachment-associated': () => withCatalog('/AF [6 0 R]', embedded),
  portfolio: () =>
    withCatalog(
      '/Collection <</Type /Collection /View /T>> /Names <</EmbeddedFiles <</Names [(mitsumori.xlsx) 6 0 R]>>>>',
      embedded,
    ),
  javascript: () =>
    withCatalog('/Names <</JavaScript <</Names [(init) 6 0 R]>>>>', {
      6: '<</S /JavaScript /JS (this.getField\\("a"\\).value = 1)>>',
    }),
  'open-action-javascript': () =>
    withCatalog('/OpenAction 6 0 R', {
      6: '<</S /GoTo /D [3 0 R /Fit] /Next [<</S /JavaScript /JS (app.alert\\(1\\))>>]>>',
    }),
  'open-action-layers': () => withCatalog('/OpenAction 6 0 R', { 6: '<</S /SetOCGState /State [/OFF]>>' }),
  'page-action-launch': () => tableFile({ ...onePage(`${A4} /AA <</O <</S /Launch /F (a.exe)>>>>`) }),
  video: () =>
    tableFile({ ...onePage(`${A4} /Annots [<</Type /Annot /Subtype /RichMedia /Rect [9 9 99 99]>>]`) }),
};
