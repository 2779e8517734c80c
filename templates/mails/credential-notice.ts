/** 証明書の期限・失効: tells the operator that a certificate the signatures of contracts or mails depend on runs out, has run out or is revoked (R32). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase } from '../sample.ts';

export interface CredentialNoticeParams extends MailBase {
  /** Its common name. */
  certificate: string;
  /** What is signed with it. */
  use: 'contracts' | 'mails';
  /** Whether it is the signer's own, or one of an authority above it. */
  own: boolean;
  expiresAt: When;
  /** `daysLeft` while it runs out; 0 once it has. Only contracts' is asked about for revocation. */
  state: { kind: 'expires'; daysLeft: number } | { kind: 'revoked' };
  /** Names of those whose contracts or mails are signed with it. */
  municipalities: readonly string[];
}

export function credentialNotice(params: CredentialNoticeParams): MailContent {
  const ofMails = params.use === 'mails';
  const { heading, sentences } = ofMails ? reportOfMails(params) : report(params);
  return {
    subject: `【${heading}】${ofMails ? 'メールの署名' : '署名'}の証明書 ${params.certificate}`,
    ...signOff(params),
    blocks: [
      lines('契約便 運用ご担当者様'),
      lines(...sentences.what),
      {
        kind: 'table',
        rows: [
          [pair('証明書', `${params.certificate}（${params.own ? '署名用' : '上位の認証局'}）`)],
          [pair('期限', fullDateTime(params.expiresAt))],
          [pair('使っている自治体', params.municipalities.join('、'))],
        ],
      },
      lines(
        ...sentences.next,
        `手順は、契約便の説明書「署名の鍵」${ofMails ? 'の「メールの署名」' : ''}をご覧ください。`,
      ),
    ],
  };
}

interface Report {
  heading: string;
  sentences: { what: readonly string[]; next: readonly string[] };
}

const replace = (setting: string): string =>
  `認証局から新しい証明書と鍵を受け取り、設定（${setting}）を書き換えて、契約便を起動し直してください。`;
const REPLACE = replace('signing.credential');

function report({ state }: CredentialNoticeParams): Report {
  if (state.kind === 'revoked') {
    return {
      heading: '失効',
      sentences: {
        what: [
          '契約書への署名に使う証明書が失効しています。署名を止めました。',
          '契約と同意の記録は失われていません。失効より前に締結した契約の効力も変わりません。',
        ],
        next: [
          '失効の理由を、すぐに認証局へお問い合わせください。心当たりがないときは、鍵が漏れたおそれがあります。',
          REPLACE,
          'その後「keiyakubin parked --retry」で、止まっている署名を続けられます。',
        ],
      },
    };
  }
  if (state.daysLeft === 0) {
    return {
      heading: '期限切れ',
      sentences: {
        what: [
          '契約書への署名に使う証明書の期限が切れました。署名を止めています。',
          '契約と同意の記録は失われていません。すでに締結した契約の効力も変わりません。',
        ],
        next: [REPLACE, '起動し直すと、待っている署名は自動で続きます。'],
      },
    };
  }
  return {
    heading: `期限まであと${state.daysLeft}日`,
    sentences: {
      what: ['契約書への署名に使う証明書の期限が近づいています。'],
      next: [
        REPLACE,
        '期限を過ぎると署名は止まり、新しい証明書を待ちます。すでに締結した契約の効力は変わりません。',
        '発行には日数がかかります。お早めに認証局へお申し込みください。',
      ],
    },
  };
}

function reportOfMails({ state }: CredentialNoticeParams): Report {
  const next = [replace('municipalities[].smime')];
  if (state.kind === 'expires' && state.daysLeft > 0) {
    return {
      heading: `期限まであと${state.daysLeft}日`,
      sentences: {
        what: ['メールへの電子署名（S/MIME）に使う証明書の期限が近づいています。'],
        next: [
          ...next,
          '期限を過ぎると、メールは電子署名（S/MIME）を付けずに送られます。契約書への署名は変わりません。',
          '発行には日数がかかります。お早めに認証局へお申し込みください。',
        ],
      },
    };
  }
  return {
    heading: '期限切れ',
    sentences: {
      what: [
        'メールへの電子署名（S/MIME）に使う証明書の期限が切れました。メールは電子署名（S/MIME）を付けずに送っています。',
        '契約書への署名は変わりません。',
      ],
      next: [...next, '替えるまでも、メールは送られ、契約便を起動し直すこともできます。'],
    },
  };
}

export const credentialNoticeSample: CredentialNoticeParams = {
  ...sampleBase,
  certificate: '見本市 電子契約',
  use: 'contracts',
  own: true,
  expiresAt: '2027-01-20T14:59:59Z',
  state: { kind: 'expires', daysLeft: 60 },
  municipalities: ['見本市'],
};
