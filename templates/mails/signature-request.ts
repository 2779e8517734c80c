/** 署名依頼: asks the signatory to consent on the page behind the link (R21, R23, R24). */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleLink, sampleSignatory, sampleTitle } from '../sample.ts';
import { worded } from '../wording.ts';
import {
  type BoxCount,
  boxCount,
  ENGLISH_HINT,
  type Initiator,
  type Person,
  personWithHonorific,
} from '../words.ts';

/** Why a request is mailed: for the first time, anew with a new link, as a reminder, or because the deadline was put off. */
export type RequestOccasion = 'first' | 'resent' | 'reminder' | 'extended';

export interface SignatureRequestParams extends MailBase {
  recipient: Person;
  initiator: Initiator;
  title: string;
  /** What follows the municipality's name in the subject: 「様」, or 「 様」 with a space (R21). */
  honorific: string;
  url: string;
  deadline: When;
  /** 整理番号 of the registration the address comes from; null where staff named it. */
  receiptNumber: string | null;
  /** What the recipient is to fill in; null where nothing is. */
  boxes: BoxCount | null;
  /** 伝言 of the initiator. */
  message: string | null;
  occasion: RequestOccasion;
}

export function signatureRequest(params: SignatureRequestParams): MailContent {
  return {
    subject: `${occasionMark(params.occasion)}${params.municipality}${params.honorific}より${params.title}への署名依頼が届いています`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient), worded('greeting', params) || null),
      lines(
        `${introduction(params)}標記契約書のご確認と署名をお願いします。`,
        occasionLine(params.occasion),
        '「文書を確認する」または次のURLから、速やかに内容をご確認ください。',
      ),
      { kind: 'link', label: '文書を確認する', url: params.url },
      lines(
        '問題がなければ署名してください。問題があれば署名せず、至急ご連絡ください。',
        `期限は${eraDateWithWeekday(params.deadline)}です。開いただけでは契約になりません。`,
        params.boxes !== null &&
          `ご記入いただく欄が${boxCount(params.boxes)}あります。署名の前に、画面で記入してください。`,
        `${worded('assurance', params)}紙の契約も選べます。`,
      ),
      ...requestEnding(params),
    ],
  };
}

/** 見本村総務課の佐藤です。 */
export function introduction({
  municipality,
  initiator,
}: {
  municipality: string;
  initiator: Initiator;
}): string {
  const section = `${municipality}${initiator.organisation ?? ''}`;
  return initiator.name === null ? `${section}です。` : `${section}の${initiator.name}です。`;
}

/** What stands before the subject of a mail that repeats a request whose link is still in force. */
export function occasionMark(occasion: RequestOccasion): string {
  const marks: Record<RequestOccasion, string> = {
    first: '',
    resent: '',
    reminder: '【再送】',
    extended: '【期限を延長しました】',
  };
  return marks[occasion];
}

/** What a second mail about the same request says first. */
export function occasionLine(occasion: RequestOccasion): string | null {
  const sentences: Record<RequestOccasion, string | null> = {
    first: null,
    resent: '先にお送りしたURLは使えなくなりました。このメールのURLをお使いください。',
    reminder: 'まだお手続きがお済みでないため、あらためてお知らせします。行き違いの際はご容赦ください。',
    extended: '期限を延ばしました。先にお送りしたURLも、そのままお使いいただけます。',
  };
  return sentences[occasion];
}

/** Message, warning about the personal link, and why the recipient can trust the mail. */
export function requestEnding(
  params: Pick<SignatureRequestParams, 'municipality' | 'wording' | 'receiptNumber' | 'message'>,
): MailBlock[] {
  const origin =
    params.receiptNumber === null
      ? `${params.municipality}の担当者が確かめたアドレスにお送りしています。`
      : worded('origin', params, { 整理番号: params.receiptNumber });
  const message: MailBlock[] =
    params.message === null ? [] : [lines('担当者からの伝言：'), { kind: 'quote', text: params.message }];
  return [
    ...message,
    lines(
      'このURLはあなた専用です。転送しないでください。',
      origin,
      `ご不審なときは、${worded('knownNumber', params)}でお確かめください。`,
      ENGLISH_HINT,
    ),
  ];
}

export const signatureRequestSample: SignatureRequestParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  initiator: { organisation: '総務課', name: sampleInitiator.name },
  title: sampleTitle,
  honorific: '様',
  url: sampleLink,
  deadline: '2026-12-01',
  receiptNumber: '12345',
  boxes: null,
  message: null,
  occasion: 'first',
};
