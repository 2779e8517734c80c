/** Draws a certificate as a new PDF with one signature field whose signature is still to be put in (ISO 32000-2 12.7.5.5, 12.8.1). */
import { createHash } from 'node:crypto';
import {
  type PDFContext,
  type PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  PDFObjectParser,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib';
import { pdfDate } from '../pdf/dates.ts';
import { type ObjectSink, type TextSetter, textSetter } from '../pdf/font.ts';
import { type PdfObject, PdfRef, serialize } from '../pdf/objects.ts';
import { CERTIFICATE_FIELD } from '../pdf/ours.ts';
import type { CertificateContent, CertificateOptions } from '../ports.ts';
import { layOut, type Mark, PAGE_HEIGHT, PAGE_WIDTH } from './layout.ts';

/** What the signer replaces by the real range once it knows the offsets. */
const RANGE_PLACEHOLDER = '**********';
/** Print and Locked, as PDF/A asks of a widget; signatures exist, append only. */
const WIDGET_FLAGS = 132;
const SIGNATURE_FLAGS = 3;
const PRODUCER = 'keiyakubin';
/** Shades of grey, 0 is black: the certificate is printed in black and white too. */
const INK = 0.1;
const RULE = 0.6;

/** The unsigned file with `hole` octets kept free for the signature. */
export async function drawCertificate(
  content: CertificateContent,
  options: Pick<CertificateOptions, 'fonts' | 'reason' | 'location' | 'signingTime'>,
  hole: number,
): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  const setter = textSetter(options.fonts);
  const pages = layOut(content, (text, size) => setter.width(text) * size);
  const contents = pages.map((marks) => marks.map((mark) => operators(mark, setter)).join('\n'));
  const fonts = setter.embed(sinkOf(context)).map((font, index) => [`F${index}`, refOf(font)] as const);
  for (const drawn of contents) {
    const page = document.addPage([PAGE_WIDTH, PAGE_HEIGHT]);
    page.node.set(PDFName.of('Contents'), context.register(context.flateStream(drawn)));
    page.node.set(PDFName.of('Resources'), context.obj({ Font: Object.fromEntries(fonts) }));
  }
  describe(document, content.title, options.signingTime);
  addSignature(document, options, hole);
  nameFile(document, content, options.signingTime);
  // A classic cross-reference table: every reader and signing library takes it.
  return Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }));
}

/** The operators of one mark (8.4.4, 8.5, 9.4). */
function operators(mark: Mark, setter: TextSetter): string {
  const y = PAGE_HEIGHT - mark.y;
  switch (mark.kind) {
    case 'text': {
      const shown = setter
        .set(mark.text)
        .map(({ font, glyphs }) => `/F${font} ${decimal(mark.size)} Tf <${glyphs}> Tj`);
      return `BT ${INK} g 1 0 0 1 ${decimal(mark.x)} ${decimal(y)} Tm ${shown.join(' ')} ET`;
    }
    case 'line': {
      const [grey, thickness] = mark.strong ? [INK, 1] : [RULE, 0.5];
      return `${grey} G ${thickness} w ${decimal(mark.x)} ${decimal(y)} m ${decimal(mark.to)} ${decimal(y)} l S`;
    }
    case 'box': {
      const place = [mark.x, y - mark.height, mark.width, mark.height].map(decimal).join(' ');
      return `${INK} G 0.8 w ${place} re S`;
    }
  }
}

/** The file that pdf-lib is making, as a place for our fonts: its own subsets lose Japanese glyphs. */
function sinkOf(context: PDFContext): ObjectSink {
  const taken = (object: PdfObject): PDFObject =>
    PDFObjectParser.forBytes(Buffer.from(serialize(object), 'latin1'), context).parseObject();
  const numbered = (object: PDFObject): PdfRef => new PdfRef(context.register(object).objectNumber);
  return {
    add: (object) => numbered(taken(object)),
    addStream: (dict, data) => numbered(PDFRawStream.of(taken(dict) as PDFDict, data)),
  };
}

function refOf({ num, gen }: PdfRef): PDFRef {
  return PDFRef.of(num, gen);
}

function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** Title, language and times, in the information dictionary and as XMP alike (14.3, ISO 16684-1). */
function describe(document: PDFDocument, title: string, time: Date): void {
  const { context, catalog } = document;
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage('ja-JP');
  document.setProducer(PRODUCER);
  document.setCreationDate(time);
  document.setModificationDate(time);
  const metadata = context.stream(Buffer.from(xmp(title, time)), { Type: 'Metadata', Subtype: 'XML' });
  catalog.set(PDFName.of('Metadata'), context.register(metadata));
}

function xmp(title: string, time: Date): string {
  const at = time.toISOString().replace(/\.\d+Z$/, 'Z');
  const words = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">',
    '<dc:format>application/pdf</dc:format>',
    `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${words}</rdf:li></rdf:Alt></dc:title>`,
    '<dc:language><rdf:Bag><rdf:li>ja-JP</rdf:li></rdf:Bag></dc:language>',
    `<xmp:CreateDate>${at}</xmp:CreateDate><xmp:ModifyDate>${at}</xmp:ModifyDate>`,
    `<pdf:Producer>${PRODUCER}</pdf:Producer>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>',
  ].join('\n');
}

function addSignature(
  document: PDFDocument,
  { reason, location, signingTime }: Pick<CertificateOptions, 'reason' | 'location' | 'signingTime'>,
  hole: number,
): void {
  const { context, catalog } = document;
  const page = document.getPage(0);
  const range = PDFName.of(RANGE_PLACEHOLDER);
  const signature = context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, range, range, range],
    Contents: PDFHexString.of('00'.repeat(hole)),
    // UTF-16 in hexadecimal: a literal string garbles Japanese.
    Reason: PDFHexString.fromText(reason),
    Location: PDFHexString.fromText(location),
    M: PDFString.of(pdfDate(signingTime)),
  });
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of(CERTIFICATE_FIELD),
      F: WIDGET_FLAGS,
      Rect: [0, 0, 0, 0],
      P: page.ref,
      V: context.register(signature),
      AP: { N: context.register(context.formXObject([], { BBox: context.obj([0, 0, 0, 0]) })) },
    }),
  );
  page.node.addAnnot(field);
  catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [field], SigFlags: SIGNATURE_FLAGS }));
  catalog.set(PDFName.of('Extensions'), context.obj({ ESIC: { BaseVersion: '1.7', ExtensionLevel: 1 } }));
}

/** The file identifier (14.4), which pdf-lib leaves out; the same certificate drawn again has the same one. */
function nameFile(document: PDFDocument, content: CertificateContent, signingTime: Date): void {
  const digest = createHash('sha256')
    .update(JSON.stringify([content, signingTime]))
    .digest('hex');
  const id = PDFHexString.of(digest.slice(0, 32));
  document.context.trailerInfo.ID = document.context.obj([id, id]);
}
