/** 登録の確認: asks the holder of a registered address to press 「受信を確認する」, in the shape of the later request mail (R11). */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleSignatory } from '../sample.ts';
import { worded } from '../wording.ts';
import { ENGLISH_HINT, type Person, personWithHonorific } from '../words.ts';

export interface RegistrationConfirmationParams extends MailBase {
  recipient: Person;
  /** What follows the municipality's name in the subject: 「様」, or 「 様」 with a space (R21). */
  honorific: string;
  url: string;
  /** Last day of the link. */
  until: When;
  receiptNumber: string;
  /** 契約件名 of the registration; null where it stands for all contracts. */
  title: string | null;
  /** Where all mails of the municipality come from. */
  senderAddress: string;
}

export function registrationConfirmation(params: RegistrationConfirmationParams): MailContent {
  const { municipality, recipient, receiptNumber, title, url, until, senderAddress } = params;
  return {
    subject: worded('registrationSubject', params, { 敬称: params.honorific }),
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(recipient), worded('greeting', params) || null),
      lines(`${municipality}です。電子契約に使うメールアドレスを、電子申請でご登録いただきました。`),
      {
        kind: 'table',
        rows: [
          [pair('整理番号', receiptNumber)],
          ...(title === null ? [] : [[pair('契約件名', title)]]),
          [pair('登録のアドレス', recipient.address)],
        ],
      },
      lines('次のURLを開き、画面の説明をお読みのうえ、「受信を確認する」を押してください。'),
      { kind: 'link', label: '登録を確認する画面を開く', url },
      lines(
        '確認が済むまで、このアドレスには契約書をお送りできません。開いただけでは確認になりません。',
        `URLは${eraDateWithWeekday(until)}まで使えます。過ぎたときは、画面から新しいURLをお求めください。`,
        `署名のお願いも、このメールと同じ ${senderAddress} からお送りします。`,
        `${worded('assurance', params)}紙の契約も選べます。`,
        'このURLはあなた専用です。転送しないでください。',
        `お心当たりのないときは何も押さず、${worded('knownNumber', params)}でお確かめください。`,
        ENGLISH_HINT,
      ),
    ],
  };
}

export const registrationConfirmationSample: RegistrationConfirmationParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  honorific: '様',
  url: 'https://keiyaku.mihon.example.jp/r/abcdefghijklmnopqrstuvwxyz',
  until: '2026-12-21',
  receiptNumber: '12345',
  title: '市道1号線舗装工事',
  senderAddress: 'keiyaku@mihon.example.jp',
};
