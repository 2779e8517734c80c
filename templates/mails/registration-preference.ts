/** 希望確認: asks a registered vendor whether it wants an electronic or a paper contract (R0). */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleSignatory, sampleTitle } from '../sample.ts';
import { worded } from '../wording.ts';
import { ENGLISH_HINT, type Person, personWithHonorific } from '../words.ts';

export interface RegistrationPreferenceParams extends MailBase {
  recipient: Person;
  honorific: string;
  /** 契約件名; null where staff did not name one. */
  title: string | null;
  url: string;
  /** Last day of the link. */
  until: When;
  receiptNumber: string;
}

export function registrationPreference(params: RegistrationPreferenceParams): MailContent {
  const { municipality, honorific, recipient, title, url, until, receiptNumber } = params;
  return {
    subject: `${municipality}${honorific}より${title === null ? '' : `${title}の`}契約方法の希望確認が届いています`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(recipient), worded('greeting', params) || null),
      lines(`${municipality}です。契約を電子契約と紙の契約のどちらで結ぶか、ご希望をお聞かせください。`),
      ...(title === null ? [] : [{ kind: 'table' as const, rows: [[pair('契約件名', title)]] }]),
      lines('次のURLを開き、「電子契約を希望する」か「紙の契約を希望する」を押してください。'),
      { kind: 'link', label: '希望を答える画面を開く', url },
      lines(
        `URLは${eraDateWithWeekday(until)}まで使えます。開いただけではお返事になりません。`,
        '電子契約に、費用、会員登録、インストールは不要です。収入印紙も要りません。',
        'このURLはあなた専用です。転送しないでください。',
        worded('origin', params, { 整理番号: receiptNumber }),
        `ご不審なときは、${worded('knownNumber', params)}でお確かめください。`,
        ENGLISH_HINT,
      ),
    ],
  };
}

export const registrationPreferenceSample: RegistrationPreferenceParams = {
  ...sampleBase,
  recipient: sampleSignatory,
  honorific: '様',
  title: sampleTitle,
  url: 'https://keiyaku.mihon.example.jp/r/abcdefghijklmnopqrstuvwxyz',
  until: '2026-12-21',
  receiptNumber: '12345',
};
