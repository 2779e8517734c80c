/** signpdf with pdf-lib as a contender. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SignPdf } from '@signpdf/signpdf';
import { Signer } from '@signpdf/utils';
import { PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import { buildSignature } from '../signing/cms/index.ts';
import { httpTimestampAuthority, type TestAuthority } from '../signing/index.ts';
import { type Assignment, type Contender, REASON } from './seal-contender.ts';

/** One signature with its timestamp, which is all it can make; the CMS is ours. It rewrites the file as a whole. */
export async function signpdf({ file }: Assignment, authority: TestAuthority): Promise<Contender> {
  const bytes = await readFile(file);
  const timestampAuthority = httpTimestampAuthority({
    url: authority.timestampUrl,
    trust: [authority.root],
  });
  class CmsSigner extends Signer {
    override async sign(octets: Buffer): Promise<Buffer> {
      const digest = createHash('sha256').update(octets).digest();
      return Buffer.from(await buildSignature(digest, authority.credential, timestampAuthority));
    }
  }
  return {
    async run() {
      const pdf = await PDFDocument.load(bytes);
      addPlaceholder(pdf);
      const saved = await pdf.save({ useObjectStreams: false });
      const signed = await new SignPdf().sign(Buffer.from(saved), new CmsSigner());
      return signed.length - bytes.length;
    },
  };
}

function addPlaceholder(pdf: PDFDocument): void {
  const { context } = pdf;
  const range = PDFName.of('**********');
  const page = pdf.getPage(0);
  const signature = context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, range, range, range],
    Contents: PDFHexString.of('00'.repeat(32_768)),
    Reason: PDFHexString.fromText(REASON),
  });
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of('keiyakubin-1'),
      Rect: [0, 0, 0, 0],
      P: page.ref,
      V: context.register(signature),
    }),
  );
  page.node.set(PDFName.of('Annots'), context.obj([field]));
  pdf.catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [field] }));
}
