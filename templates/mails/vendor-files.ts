/** What a registered vendor mailed in outside a contract, files (R12) or a reply: brought to its section, and the sender told so. */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import { vendorWords } from './vendor-words.ts';

export interface VendorFilesParams extends MailBase {
  company: string;
  /** 提出先 of the registration. */
  section: string | null;
  receiptNumber: string;
  /** 契約件名 of the registration; null where it is for all contracts. */
  title: string | null;
  from: { name: string; address: string };
  receivedAt: When;
  /** Word and Excel files, or a reply to a mail of ours. */
  files: boolean;
  subject: string;
  text: string;
  /** There is more of it. */
  cut: boolean;
  /** The text is encrypted: nobody here can read it. */
  sealed: boolean;
  /** Names of the files that hang on this mail, and of those too large for it. */
  attached: readonly string[];
  left: readonly string[];
}

export function vendorFiles(params: VendorFilesParams): MailContent {
  const { attached, left, from } = params;
  const list = (line: string, items: readonly string[]): MailContent['blocks'] =>
    items.length === 0 ? [] : [lines(line), { kind: 'list', items }];
  return {
    subject: `【相手方からの${params.files ? 'ファイル' : '返信'}】${params.company}`,
    ...signOff(params),
    blocks: [
      lines(`${params.section ?? '電子契約'} ご担当者様`),
      lines(
        params.files
          ? '登録のある相手方から、ワードやエクセルのファイルが電子契約のアドレスに届きました。提出先の担当としてお届けします。'
          : '登録のある相手方が、登録の確認などの電子契約のメールに返信しました。提出先の担当としてお届けします。',
        '契約の手続きは始まっていません。',
      ),
      {
        kind: 'table',
        rows: [
          [pair('登録', `${params.company}（整理番号${params.receiptNumber}）`)],
          ...(params.title === null ? [] : [[pair('登録の契約件名', params.title)]]),
          [pair('差出人', `${from.name} ${from.address}`.trim())],
          [pair('受信日時', fullDateTime(params.receivedAt))],
          [pair('件名', params.subject || '（なし）')],
        ],
      },
      ...vendorWords(params),
      ...list('添付ファイル（相手方から届いたままです。開く前にお確かめください）：', attached),
      ...list('次のファイルは大きいため、添付していません。差出人へ直接お求めください。', left),
      lines(
        params.files && '契約書にするときは、内容を確かめてPDFにし、契約のメールに添付してお送りください。',
        `お返事は、差出人のアドレス（${from.address}）へ直接お送りください。`,
      ),
    ],
  };
}

export interface FilesPassedOnParams extends MailBase {
  sender: Person;
  /** Whether Word or Excel files came along. */
  files: boolean;
}

/** To the vendor, once a day. */
export function filesPassedOn(params: FilesPassedOnParams): MailContent {
  return {
    subject: `【担当へお伝えしました】お送りいただいた${params.files ? 'ファイル' : 'メール'}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      lines(
        `お送りいただいたメール${params.files ? 'とファイル' : ''}は、ご登録の提出先の${params.municipality}の担当へお伝えしました。`,
        'このアドレスは電子契約の専用で、職員は直接見ていません。お返事は担当からお送りします。',
        '署名をお願いするときは、別のメールでURLをお届けします。',
        '続けてお送りいただいたときも、担当へお伝えします。このお知らせは1日に1回だけお送りします。',
        `English: your ${params.files ? 'files have' : 'mail has'} been passed on to the section in charge.`,
      ),
    ],
  };
}

export const vendorFilesSample: VendorFilesParams = {
  ...sampleBase,
  company: '株式会社サンプル',
  section: '総務課管財係',
  receiptNumber: '12345',
  title: sampleTitle,
  from: { name: '山田太郎', address: sampleSignatory.address },
  receivedAt: '2026-11-24T01:05:00Z',
  files: true,
  subject: '契約書の案',
  text: '契約書の案をお送りします。\n山田',
  cut: false,
  sealed: false,
  attached: ['契約書案.docx'],
  left: [],
};

export const filesPassedOnSample: FilesPassedOnParams = {
  ...sampleBase,
  sender: sampleSignatory,
  files: true,
};
