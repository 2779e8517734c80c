/** Answers a sender who is proven but not staff: this address takes contracts from staff only (R53). */
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleSignatory } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';

export interface NotStaffParams extends MailBase {
  sender: Person;
  /** Subject of the mail that is answered. */
  originalSubject: string;
}

export function notStaff(params: NotStaffParams): MailContent {
  return {
    subject: `【受け付けていません】${params.originalSubject || '件名のないメール'}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines('いただいたメールは、受け付けていません。このアドレスは、職員が契約書を送るためのものです。'),
      { kind: 'table', rows: [[pair('件名', params.originalSubject || '（なし）')]] },
      lines(
        `${params.municipality}から署名のお願いが届いている方は、そのメールのURLを開いてお手続きください。`,
        '契約についてのご質問やご連絡は、下の「契約の内容」の窓口へお願いします。',
        '職員の方は、登録された職員のアドレスから送り直してください。',
        'English: your mail has not been taken. If you were asked to sign, open the link in that mail.',
      ),
    ],
  };
}

export const notStaffSample: NotStaffParams = {
  ...sampleBase,
  sender: sampleSignatory,
  originalSubject: '契約書の件',
};
