/** Answers a contract mail that could not be taken: every problem in one mail, and the form to fill in (rule 6: never a blank). */
import { lines, type MailBase, type MailContent, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { emptyForm, FORM_RULES } from './contract-form.ts';
import { convertedBlocks } from './converted.ts';

export interface RefusedParams extends MailBase {
  sender: Person;
  /** Subject of the mail that is answered. */
  originalSubject: string;
  /** One sentence each, from refusalSentence(). */
  problems: readonly string[];
  /** Names of the PDFs attached, made from Word and Excel files. */
  converted: readonly string[];
  /** Where contract mails go. */
  intakeAddress: string;
}

export function refused(params: RefusedParams): MailContent {
  return {
    subject: `【受け付けていません】${params.originalSubject === '' ? '契約書のメール' : params.originalSubject}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines(
        'いただいたメールは、まだ受け付けていません。相手方には何も送っていません。',
        '次の点をお直しください。',
      ),
      { kind: 'list', items: params.problems },
      ...convertedBlocks(
        params.converted,
        '差し支えなければ、このPDFを添付して、契約書のメールを送り直してください。',
      ),
      lines(
        `お手数ですが、お送りいただいたメールを直し、契約書のPDFを添付して、もう一度 ${params.intakeAddress} へお送りください。`,
        '次の様式を写して書き入れ、このメールに返信していただいても構いません。',
        '返信では添付ファイルが外れますので、PDFは付け直してください。',
      ),
      { kind: 'list', items: FORM_RULES },
      emptyForm(params.municipality),
    ],
  };
}

export const refusedSample: RefusedParams = {
  ...sampleBase,
  sender: sampleInitiator,
  originalSubject: '市道1号線舗装工事の契約',
  problems: [
    '契約相手方が書かれていません。「契約相手方：会社名 役職 氏名 <メールアドレス>」の行を書いてください。',
    '契約書のPDFが添付されていません。PDFにして添付してください。',
  ],
  converted: [],
  intakeAddress: 'keiyaku@mihon.example.jp',
};
