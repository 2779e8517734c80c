/** Draws a certificate as a new PDF with one signature field whose signature is still to be put in (ISO 32000-2 12.7.5.5, 12.8.1). */
import { createHash } from 'node:crypto';
import { PDFDocument, PDFHexString, PDFName, type PDFPage, PDFString, rgb } from 'pdf-lib';
import { pdfDate } from '../pdf/dates.ts';
import type { CertificateContent, CertificateOptions } from '../ports.ts';
import { openForDrawing } from './font.ts';
import { layOut, type Mark, PAGE_HEIGHT, PAGE_WIDTH } from './layout.ts';

export const CERTIFICATE_FIELD = 'keiyakubin-certificate';

/** What the signer replaces by the real range once it knows the offsets. */
const RANGE_PLACEHOLDER = '**********';
/** Print and Locked, as PDF/A asks of a widget; signatures exist, append only. */
const WIDGET_FLAGS = 132;
const SIGNATURE_FLAGS = 3;
const INK = rgb(0.1, 0.1, 0.1);
const RULE = rgb(0.72, 0.72, 0.72);

/** The unsigned file with `hole` octets kept free for the signature. */
export async function drawCertificate(
  content: CertificateContent,
  options: Pick<CertificateOptions, 'font' | 'reason' | 'location' | 'signingTime'>,
  hole: number,
): Promise<Buffer> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { engine, subsetName } = openForDrawing(options.font);
  document.registerFontkit(engine);
  const font = await document.embedFont(options.font, { subset: true, customName: subsetName });
  document.setTitle(content.title, { showInWindowTitleBar: true });
  document.setLanguage('ja-JP');
  document.setProducer('keiyakubin');
  document.setCreationDate(options.signingTime);
  document.setModificationDate(options.signingTime);
  const pages = layOut(content, (text, size) => font.widthOfTextAtSize(text, size));
  for (const marks of pages) {
    const page = document.addPage([PAGE_WIDTH, PAGE_HEIGHT]);
    page.setFont(font);
    for (const mark of marks) draw(page, mark);
  }
  addSignature(document, options, hole);
  nameFile(document, content, options.signingTime);
  // A classic cross-reference table: every reader and signing library takes it.
  return Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }));
}

function draw(page: PDFPage, mark: Mark): void {
  const y = PAGE_HEIGHT - mark.y;
  switch (mark.kind) {
    case 'text':
      page.drawText(mark.text, { x: mark.x, y, size: mark.size, color: INK });
      break;
    case 'line':
      page.drawLine({
        start: { x: mark.x, y },
        end: { x: mark.to, y },
        thickness: mark.strong ? 1 : 0.5,
        color: mark.strong ? INK : RULE,
      });
      break;
    case 'box':
      page.drawRectangle({
        x: mark.x,
        y: y - mark.height,
        width: mark.width,
        height: mark.height,
        borderColor: INK,
        borderWidth: 0.8,
      });
      break;
  }
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
