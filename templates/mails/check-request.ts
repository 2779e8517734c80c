/** 内容確認のお願い: asks the vendor's clerk to look before the signatory; no signature is made (R10). */
import { eraDateWithWeekday } from '../format.ts';
import { lines, type MailContent, signOff } from '../mail-content.ts';
import { sampleChecker, sampleSignatory } from '../sample.ts';
import { worded } from '../wording.ts';
import { type Person, personWithHonorific } from '../words.ts';
import {
  introduction,
  occasionLine,
  occasionMark,
  requestEnding,
  type SignatureRequestParams,
  signatureRequestSample,
} from './signature-request.ts';

export interface CheckRequestParams extends SignatureRequestParams {
  /** Who will be asked to sign next. */
  signatory: Person;
}

export function checkRequest(params: CheckRequestParams): MailContent {
  return {
    subject: `${occasionMark(params.occasion)}${params.municipality}${params.honorific}より${params.title}の内容確認のお願いが届いています`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient), worded('greeting', params) || null),
      lines(
        `${introduction(params)}署名の前に、標記契約書の内容のご確認をお願いします。`,
        occasionLine(params.occasion),
        '「文書を確認する」または次のURLから、速やかに内容をご確認ください。',
      ),
      { kind: 'link', label: '文書を確認する', url: params.url },
      lines(
        '問題がなければ「確認を完了する」を押してください。問題があれば押さず、至急ご連絡ください。',
        `確認だけで、署名にはなりません。署名は、このあと${personWithHonorific(params.signatory)}にお願いします。`,
        `署名の期限は${eraDateWithWeekday(params.deadline)}です。`,
        `${worded('assurance', params)}紙の契約も選べます。`,
      ),
      ...requestEnding(params),
    ],
  };
}

export const checkRequestSample: CheckRequestParams = {
  ...signatureRequestSample,
  recipient: sampleChecker,
  signatory: sampleSignatory,
};
