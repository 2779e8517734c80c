/** Hand-made files that must be taken: each the smallest one with a shape that real files have (ISO 32000-2 7.5, 7.7, 12.7). */
import { appendRevision, buildHybrid, buildPdf, onePage, streamText } from '../pdf-build.ts';
import { A4, catalog, ID, page, text, utf16 } from './parts.ts';
import { type Objects, streamFile, tableFile, updated } from './raw.ts';
import { ascii85, compact, hybridPacked, lzwLiterals, tableThenStream } from './whole-files.ts';

const sjis = '\x8c\x5f\x96\xf1'; // 契約 in Shift_JIS, as old Japanese programs name fonts.

const widget = '/Type /Annot /Subtype /Widget /F 4 /P 3 0 R';
const fieldTree: Objects = {
  1: catalog('/AcroForm 6 0 R'),
  3: `<</Type /Page /Parent 2 0 R /Contents 4 0 R ${A4} /Annots [8 0 R 10 0 R 11 0 R]>>`,
  6: '<</Fields 12 0 R /DA (/F1 0 Tf 0 g) /DR <</Font <</F1 5 0 R>>>>>>',
  7: `<</T ${utf16('相手方')} /FT /Tx /Kids [8 0 R]>>`,
  8: `<<${widget} /Parent 7 0 R /T (address) /V (Tokyo) /Rect [72 600 300 620]>>`,
  9: '<</T (agree) /FT /Btn /Ff 49152 /Kids [10 0 R 11 0 R]>>',
  10: `<<${widget} /Parent 9 0 R /AS /Off /Rect [72 560 90 578]>>`,
  11: `<<${widget} /Parent 9 0 R /AS /Off /Rect [100 560 118 578]>>`,
  12: '[7 0 R 9 0 R]',
};

function deepTree(levels: number): Objects {
  const objects: Record<number, string> = {
    1: '<</Type /Catalog /Pages 10 0 R>>',
    3: `<</Type /Page /Parent ${9 + levels} 0 R /Contents 4 0 R>>`,
    4: text('deep'),
    5: onePage()[5]!,
    6: `<</Type /Page /Parent 10 0 R /Contents 4 0 R ${A4}>>`,
  };
  for (let level = 0; level < levels; level++) {
    const num = 10 + level;
    const kid = level === levels - 1 ? '3 0 R' : `${num + 1} 0 R`;
    const own =
      level === 0 ? `/Kids [${kid} 6 0 R] /Count 2 ${A4}` : `/Parent ${num - 1} 0 R /Kids [${kid}] /Count 1`;
    objects[num] = `<</Type /Pages ${own} /Resources <</Font <</F1 5 0 R>>>>>>`;
  }
  return objects;
}

/** Each revision as some other program appends it. */
function revisions(): Buffer {
  const first = tableFile(page(A4), { trailer: ID });
  const second = updated(first, { 4: text('second') }, { size: 6, trailer: ID });
  return updated(
    second,
    { 4: text('third'), 6: '<</Title (third)>>' },
    { size: 7, trailer: `/Info 6 0 R ${ID}` },
  );
}

function freed(): Buffer {
  const first = tableFile(page(A4, { 6: '<</Unused true>>', 7: text('old') }));
  const second = updated(first, {}, { size: 8, freed: { 6: 1, 7: 1 } });
  const reused = { 3: `<</Type /Page /Parent 2 0 R /Contents 7 1 R ${A4}>>`, 7: text('generation 1') };
  return updated(second, reused, { size: 8, generations: { 7: 1 } });
}

const image = 'BI /W 8 /H 8 /BPC 1 /IM true ID \x00 EIQ\xff\x00Q EI';
const asciiHex = (data: string): string => `${Buffer.from(data, 'latin1').toString('hex')}>`;

const UNBALANCED = 'q 0.5 0 0 0.5 200 300 cm BT /F1 24 Tf 72 500 Td (old filter) Tj ET';

/** Name (without .pdf) → octets. */
export const SHAPES: Readonly<Record<string, () => Buffer>> = {
  hybrid: () => buildHybrid(),
  'hybrid-excel': hybridPacked,
  'hybrid-updated': () =>
    appendRevision(hybridPacked(), { 8: text('changed') }, { trailer: `/Root 1 0 R /Info 6 0 R ${ID}` }),
  'cropped-user-unit': () =>
    buildPdf(onePage('/MediaBox [0 0 595 842] /CropBox [100 200 400 600] /Rotate 270 /UserUnit 2')).bytes,
  'form-direct': () => tableFile(page(A4, { 1: catalog('/AcroForm <</Fields []>>') })),
  'form-field-tree': () => tableFile(page('', fieldTree)),
  'form-need-appearances': () =>
    tableFile(page('', { ...fieldTree, 6: fieldTree[6]!.replace('<<', '<</NeedAppearances true ') })),
  'form-empty-signature': () =>
    tableFile(
      page(`${A4} /Annots [6 0 R]`, {
        1: catalog('/AcroForm <</Fields [6 0 R] /SigFlags 1>>'),
        6: `<<${widget} /FT /Sig /T (Signature1) /Rect [72 72 200 120]>>`,
      }),
    ),
  'rotated-180': () => tableFile(page(`${A4} /Rotate 180`)),
  'rotated-inherited': () =>
    tableFile({
      ...page(''),
      2: `<</Type /Pages /Kids [3 0 R] /Count 1 ${A4} /Rotate 90 /Resources <</Font <</F1 5 0 R>>>>>>`,
    }),
  'negative-origin': () =>
    tableFile(
      page('/MediaBox [-297.5 -421 297.5 421]', {
        4: streamText('', 'BT /F1 24 Tf -200 200 Td (negative) Tj ET'),
      }),
    ),
  'box-corners-swapped': () =>
    tableFile(page('/MediaBox [595 842 0 0] /CropBox [6 0 R 0 595 842.0]', { 6: '0' })),
  'a3-landscape': () =>
    tableFile(
      page('/MediaBox [0 0 1190.55 841.89]', {
        4: streamText('', '0.5 w 20 20 1150 800 re S 100 100 m 1000 700 l S'),
      }),
    ),
  'page-tree-deep': () => tableFile(deepTree(40)),
  'page-without-type': () => tableFile({ ...page(A4), 3: `<</Parent 2 0 R /Contents 4 0 R ${A4}>>` }),
  'annotations-direct': () =>
    tableFile(
      page(
        `${A4} /Annots [<</Type /Annot /Subtype /Link /Rect [72 690 300 720] /Border [0 0 0] /A <</S /URI /URI (https://mihon.example.jp/)>>>>]`,
      ),
    ),
  'annotations-indirect': () =>
    tableFile(
      page(`${A4} /Annots 6 0 R`, {
        6: '[7 0 R]',
        7: `<</Type /Annot /Subtype /Text /Rect [300 300 320 320] /Contents ${utf16('確認済')} /F 4>>`,
      }),
    ),
  'contents-array': () =>
    tableFile({
      ...page(A4),
      3: `<</Type /Page /Parent 2 0 R /Contents [4 0 R 6 0 R] ${A4}>>`,
      4: streamText('', 'q BT /F1 24 Tf 72 700 Td (in two'),
      6: streamText('', 'parts) Tj ET Q'),
    }),
  'contents-indirect-array': () =>
    tableFile({ ...page(A4), 3: `<</Type /Page /Parent 2 0 R /Contents 6 0 R ${A4}>>`, 6: '[4 0 R]' }),
  'contents-absent': () => tableFile({ ...page(A4), 3: `<</Type /Page /Parent 2 0 R ${A4}>>` }),
  'contents-unbalanced': () =>
    tableFile(page(A4, { 4: streamText('', 'q 2 0 0 2 100 100 cm q BT /F1 24 Tf 20 200 Td (open) Tj ET') })),
  'contents-ascii-hex': () =>
    tableFile(
      page(A4, {
        4: streamText(
          '/Filter /ASCIIHexDecode',
          asciiHex('q 0.5 0 0 0.5 200 300 cm BT /F1 24 Tf 72 500 Td (hex) Tj ET'),
        ),
      }),
    ),
  'contents-ascii85-lzw': () =>
    tableFile(
      page(A4, {
        4: streamText('/Filter [/ASCII85Decode /LZWDecode]', ascii85(lzwLiterals(UNBALANCED))),
      }),
    ),
  'contents-run-length': () =>
    tableFile(
      page(A4, {
        4: streamText(
          '/Filter /RunLengthDecode',
          `${String.fromCharCode(UNBALANCED.length - 1)}${UNBALANCED}\xff \x80`,
        ),
      }),
    ),
  'inline-image': () =>
    tableFile(
      page(A4, {
        4: streamText('', `q 100 0 0 100 72 600 cm ${image} Q BT /F1 24 Tf 72 500 Td (image) Tj ET`),
      }),
    ),
  'resources-absent': () =>
    tableFile({
      ...page(A4),
      2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
      4: streamText('', '100 100 200 200 re S'),
    }),
  'length-indirect': () =>
    tableFile(
      page(A4, { 4: `<</Length 6 0 R>>\nstream\nBT /F1 24 Tf 72 700 Td (later) Tj ET\nendstream`, 6: '36' }),
    ),
  layers: () =>
    tableFile(
      page(`${A4} /Resources <</Font <</F1 5 0 R>> /Properties <</L 6 0 R>>>>`, {
        1: catalog('/OCProperties <</OCGs [6 0 R] /D <</ON [6 0 R] /Order [6 0 R]>>>>'),
        4: streamText('', '/OC /L BDC BT /F1 24 Tf 72 700 Td (layer) Tj ET EMC'),
        6: `<</Type /OCG /Name ${utf16('平面図')}>>`,
      }),
    ),
  'opens-with-harmless-actions': () =>
    tableFile(
      page(A4, { 1: catalog('/OpenAction <</S /GoTo /D [3 0 R /Fit] /Next [<</S /Named /N /Print>>]>>') }),
    ),
  'outline-japanese': () =>
    tableFile(
      page(A4, {
        1: catalog('/Outlines 6 0 R /PageMode /UseOutlines'),
        6: '<</Type /Outlines /First 7 0 R /Last 7 0 R /Count 1>>',
        7: `<</Title ${utf16('第１条 総則')} /Parent 6 0 R /Dest [3 0 R /Fit]>>`,
      }),
    ),
  'names-shift-jis': () =>
    tableFile(
      page(
        `${A4} /Resources <</Font <</F#31 5 0 R /${sjis} 5 0 R>>>> /PieceInfo <</${sjis} <</LastModified (D:20260401)>>>>`,
      ),
    ),
  'names-that-look-encrypted': () =>
    tableFile(page(A4, { 6: '<</Title (/Encrypt 9 0 R) /Encrypt (no) /XFA (no)>>' }), {
      trailer: '/Info 6 0 R',
    }),
  'revisions-three': revisions,
  'revision-with-freed-objects': freed,
  'generation-of-the-catalog': () => tableFile(page(A4), { generations: { 1: 3, 5: 0 } }),
  'table-cr-only': () =>
    tableFile(page(A4, { 4: streamText('', 'BT /F1 24 Tf 72 700 Td (CR) Tj ET').replaceAll('\n', '\r\n') }), {
      eol: '\r',
      version: '1.3',
    }),
  'table-19-octets': () => tableFile(page(A4), { entryEnd: '\n' }),
  'table-crlf': () => tableFile(page(A4), { eol: '\r\n' }),
  'table-sparse': () => tableFile({ ...page(A4), 900000: '<</Far true>>' }, { sparse: true }),
  'table-then-stream': tableThenStream,
  'stream-index': () => streamFile(page(A4), { index: true, compress: true, trailer: ID }),
  'stream-widths-0': () => streamFile(page(A4), { widths: [0, 3, 0], index: false, trailer: ID }),
  'stream-widths-8': () => streamFile(page(A4), { widths: [2, 8, 8], packed: [1, 2, 5] }),
  'catalog-packed': () => streamFile(page(A4), { packed: [1, 2, 3, 5], compress: true }),
  'stream-then-table': () =>
    updated(streamFile(page(A4), { packed: [1, 2] }), { 4: text('table after stream') }, { size: 8 }),
  'size-too-large': () => tableFile(page(A4), { size: 1_000_000 }),
  'size-too-small': () => tableFile(page(A4), { size: 4 }),
  'prev-zero': () => tableFile(page(A4), { trailer: '/Prev 0' }),
  'no-info-no-id': () => tableFile(page(A4), { version: '1.4' }),
  'comments-after-header': () =>
    tableFile(page(A4), {
      comments: ['%\xe2\xe3\xcf\xd3', '% 見本市', '%%Creator: a printer driver'].map((line) =>
        Buffer.from(line).toString('latin1'),
      ),
    }),
  'white-space-after-end': () => tableFile(page(A4), { end: '\r\n\r\n  \0\0\n' }),
  'no-line-end-at-end': () => tableFile(page(A4), { end: '' }),
  'version-2.0': () =>
    tableFile(
      page(A4, { 1: catalog('/Version /2.0 /Extensions <</ADBE <</BaseVersion /1.7 /ExtensionLevel 8>>>>') }),
      { version: '2.0', trailer: ID },
    ),
  'objects-without-spaces': () => compact(),
};
