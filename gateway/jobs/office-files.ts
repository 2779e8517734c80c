/** The PDFs that go back with a refusal of Word and Excel files, for their sender to look at before they become a contract (R12). */
import type { Attachment } from '../mail/parse.ts';
import type { ConvertOffice } from './office.ts';

export interface MadePdf {
  readonly fileName: string;
  readonly content: Buffer;
}

/** In the mail's order, `most` of them and all together below `limitOctets`; what cannot be converted is left out. */
export async function officeAsPdf(
  convertOffice: ConvertOffice,
  attachments: readonly Attachment[],
  most: number,
  limitOctets: number,
): Promise<MadePdf[]> {
  const made: MadePdf[] = [];
  let left = limitOctets;
  for (const { fileName, kind, content } of attachments) {
    if (kind !== 'word' || made.length === most) continue;
    const pdf = await convertOffice(fileName, content);
    if (pdf === null || pdf.length >= left) continue;
    left -= pdf.length;
    made.push({ fileName: `${fileName.replace(/\.[a-z]{1,5}$/i, '')}.pdf`, content: pdf });
  }
  return made;
}
