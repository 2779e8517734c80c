/** 合意締結証明書: what it says of a concluded contract, line by line (R42, R43, R46, R59). */
import type {
  CertificateParams,
  CertifiedAddressChange,
  CertifiedPerson,
  Happening,
  SenderProof,
} from './certificate-facts.ts';
import { oneLine } from './escape.ts';
import { eraDateWithWeekday, exactDateTime, fileSize, money, numericDateTime } from './format.ts';
import { TEST_NOTICE } from './mail-content.ts';
import {
  authorityWord,
  type ContractKind,
  contractKind,
  filledPairs,
  namedPerson,
  openTermWords,
  participantRole,
} from './words.ts';

export const CERTIFICATE_TITLE = '合意締結証明書';

/** Every string is one line; whoever lays the certificate out breaks it. */
export interface CertificateText {
  title: string;
  notice: string | null;
  lead: string[];
  sections: CertificateTextSection[];
  /** After a section's heading where it goes on on a further page. */
  continued: string;
  footer: string;
}

interface CertificateTextSection {
  heading: string;
  rows: { label: string; value: string[] }[];
  paragraphs: string[];
}

export function certificateText(params: CertificateParams): CertificateText {
  const notice = params.testAuthority ? TEST_NOTICE : null;
  return {
    title: CERTIFICATE_TITLE,
    notice,
    lead: [
      '次の契約について、下に記した署名者が文書の内容に同意し、その同意ごとに電子署名とタイムスタンプが付されたことを証明します。時刻はすべて日本時間です。',
    ],
    sections: [
      contractSection(params),
      ...params.people.map((person, index) => personSection(person, index, params)),
      documentSection(params),
      historySection(params),
      sealSection(params),
      checkSection(params),
      NOTES,
    ],
    continued: '（続き）',
    footer: `合意締結証明書ID：${params.certificateId}${notice === null ? '' : `（${notice}）`}`,
  };
}

function contractSection(params: CertificateParams): CertificateTextSection {
  const { effectiveDate, plannedDate, observers, initiator, amount } = params;
  return section('契約', [
    row('証明書ID', params.certificateId),
    row('契約件名', params.title),
    row('種別', contractKind(params.kind)),
    row('受付番号', params.number),
    row('契約番号', params.contractNumber),
    row('元契約', params.original),
    row('契約金額', amount && money(amount)),
    row('履行期間', openTermWords(params.period)),
    row('契約保証', params.bond),
    row('自治体', `${params.municipality}（名義人：${params.nameHolder}）`),
    row('担当', `${namedPerson(initiator)} ${initiator.address}`),
    row('契約日', `${eraDateWithWeekday(params.contractDate)}（${DATED[params.kind] ?? DATED_BY_BOTH}）`),
    row('契約締結予定日', plannedDate && eraDateWithWeekday(plannedDate)),
    row('効力発生日', effectiveDate && eraDateWithWeekday(effectiveDate)),
    // Names only: they act in nothing, and their addresses are nobody else's business.
    rows(
      '共有先',
      observers.map(namedPerson).filter((name) => name !== ''),
    ),
    row('証明書の発行', exactDateTime(params.issuedAt)),
  ]);
}

/** How the contract's date came about (地方自治法234条5項; R46). */
const DATED_BY_BOTH = '双方の電子署名がそろった日。最後の電子署名のタイムスタンプによる';
const DATED: Partial<Record<ContractKind, string>> = {
  acknowledgement: '契約相手方の電子署名のタイムスタンプの日',
  provisional: '仮契約の日。双方の電子署名がそろった日で、最後の電子署名のタイムスタンプによる',
};

const MEANS = { page: '本人専用のURLの画面', 'mail-reply': '本人あてメールへの「承認」の返信' } as const;

const FACTORS = {
  code: '担当職員が別の方法で伝えたアクセスコードの入力',
  pin: '署名者が登録の確認の際に決めた署名用暗証番号の入力',
} as const;

const PROOFS: Record<SenderProof, string> = {
  'submission-relay': '自治体のメールサーバーから受信',
  'smtp-auth': '利用者の認証を経て受信',
  'authentication-results': '受信サーバーでのDMARC検証に合格',
  direct: '差出人のドメインのSPF・DKIM・DMARCの検証に合格',
};

function personSection(person: CertifiedPerson, index: number, params: CertificateParams) {
  const { role, askedAt, consentedAt, means, ip, userAgent, senderProof, signedAt, filled } = person;
  const { declaredVersion } = person;
  const approver = role === 'approver';
  const source = ip ?? (senderProof === null ? null : PROOFS[senderProof]);
  return section(`${index + 1}　${participantRole(role, params.municipality)}`, [
    row('氏名', namedPerson(person.person)),
    row('メールアドレス', person.person.address),
    row('アドレスの登録', registered(person)),
    row('名義人', approver ? params.nameHolder : null),
    row(
      '権限の根拠',
      approver ? params.authority && authorityWord(params.authority) : VENDOR_AUTHORITY[role],
    ),
    row('決裁番号', approver ? params.decisionNumber : null),
    row('依頼の日時', askedAt && exactDateTime(askedAt)),
    row(role === 'checker' ? '確認の日時' : '同意の日時', exactDateTime(consentedAt)),
    row(
      '方法',
      `${MEANS[means]}${source === null ? '' : `（${ip === null ? '' : 'IPアドレス '}${source}）`}`,
    ),
    row('追加の確認', person.factor && FACTORS[person.factor]),
    row('使用したソフト', userAgent),
    row(
      '電子契約への同意',
      declaredVersion && `説明（${declaredVersion}版）を読み、契約への同意とあわせて同意`,
    ),
    rows(
      '記入した内容',
      filledPairs(filled, params.documents).map(({ label, value }) => `${label}：${value}`),
    ),
    row(
      '電子署名の時刻',
      signedAt === null
        ? '電子署名はしていません（確認のみ）'
        : `${exactDateTime(signedAt)}（タイムスタンプ）`,
    ),
  ]);
}

const VENDOR_AUTHORITY: Record<CertifiedPerson['role'], string | null> = {
  checker: null,
  signatory: '契約を締結する権限を有する者として登録',
  approver: null,
};

function registered({ receiptNumber, registration }: CertifiedPerson): string {
  if (receiptNumber === null) return '職員のアドレス（自治体の登録による）';
  return `電子申請 整理番号${receiptNumber}${registration === 'confirmed' ? '（到達確認済）' : ''}`;
}

function documentSection({ documents }: CertificateParams): CertificateTextSection {
  const found = documents.map((document, index) =>
    rows(`文書${index + 1}`, [
      document.title,
      `${document.pages}枚、受付時のファイル名 ${document.fileName}`,
      `受付時（${fileSize(document.uploadedSize)}）のSHA-256${document.decided ? '　※決裁時の記録と一致' : ''}`,
      document.uploaded,
      `締結後（${fileSize(document.size)}）のSHA-256`,
      document.executed,
    ]),
  );
  return section('文書', found);
}

/** What follows a name, and what is said where none is told. */
const WHAT = {
  drafted: ['が', '契約書をメールで送りました'],
  corrected: ['が', '契約書または記載事項を訂正しました'],
  released: ['が', '相手方への送付を指示しました'],
  asked: ['へ', '依頼メールを送りました'],
  askedAgain: ['へ', '新しいURLで依頼メールを送り直しました'],
  reminded: ['へ', '催促メールを送りました'],
  undelivered: ['への', 'メールが届きませんでした'],
  extended: ['が', '期限を変更しました'],
  checked: ['が', '内容を確認しました'],
  consented: ['が', '同意しました'],
  takenBack: ['が', '同意を取り消しました'],
  sealed: ['が', 'すべての文書に電子署名を付しました'],
  closed: ['が', '検証情報と文書タイムスタンプを加え、すべての文書を確定しました'],
} as const satisfies Record<Happening, readonly [particle: string, words: string]>;

function historySection({ events, municipality }: CertificateParams): CertificateTextSection {
  return section(
    '経過',
    events.map(({ at, what, who, role }) => {
      const [particle, words] = WHAT[what];
      const called = role === 'initiator' ? '担当' : role && participantRole(role, municipality);
      const whose = who === null ? '' : `${called} ${namedPerson(who)}${particle}`;
      return row(numericDateTime(at), `${whose}${words}`);
    }),
  );
}

function addressChangeWords(
  { at, role, former, holder, agreedBy }: CertifiedAddressChange,
  { initiator, municipality }: CertificateParams,
): string {
  const who = `${participantRole(role, municipality)} ${namedPerson(holder)}`;
  const agreed =
    agreedBy === null
      ? '新しいアドレスは電子申請で登録されたものです。'
      : `${namedPerson(agreedBy)}（${agreedBy.address}）が確認しました。`;
  return (
    `${numericDateTime(at)}に、${who}のアドレスを ${former.address} から ${holder.address} に変更しました。` +
    `担当 ${namedPerson(initiator)}が求め、${agreed}`
  );
}

function sealSection(params: CertificateParams): CertificateTextSection {
  const { keyOperator, addressChanges } = params;
  return section('電子署名と記録', [
    row('署名鍵の運用者', keyOperator),
    row('方式', '参加者の同意を受けて運用者の鍵で署名（立会人型）。PAdES長期署名、RFC 3161タイムスタンプ'),
    row('鍵の使用', '記録された同意がある場合に限り、同意された文書にだけ署名します。'),
    addressChanges.length === 0
      ? row('アドレスの変更', '契約書を送ってから締結までに、参加者のアドレスの変更はありません。')
      : rows(
          'アドレスの変更',
          addressChanges.map((change) => addressChangeWords(change, params)),
        ),
  ]);
}

function checkSection({ verificationAddress }: CertificateParams): CertificateTextSection {
  return section('確認の方法', [
    row(
      '文書との対応',
      '各文書のファイルのSHA-256が、上の「締結後」の値と同じであることを確かめます。有効期間を延長したファイルは値が変わりますので、次の方法で確かめます。',
    ),
    row(
      'メールで',
      verificationAddress && `PDFを添付して ${verificationAddress} へ送ると、検証の結果が返信されます。`,
    ),
    row('コマンドで', 'keiyakubin verify ファイル名'),
    row('Adobe Acrobatで', '「署名パネル」に、電子署名、タイムスタンプ、変更の有無が表示されます。'),
  ]);
}

const NOTES: CertificateTextSection = {
  heading: 'ご注意',
  rows: [],
  paragraphs: [
    '・PDFが契約書の原本です。印刷したものは「契約書の写し」になります。',
    '・マーカーを含め内容を編集すると電子署名は無効になります。ファイル名は変えても差し支えありません。',
    '・各文書の1ページ目（原則として左下）に、この証明書と同じIDを印字しています。受付の前から電子署名のある文書には印字していません。',
    '・可読性・検索性を担保できる場所で保管してください。',
  ],
};

type Row = { label: string; value: string[] } | null;

function row(label: string, value: string | null): Row {
  return value === null ? null : { label, value: [oneLine(value)] };
}

/** A row of several lines; none without a value. */
function rows(label: string, values: readonly string[]): Row {
  return values.length === 0 ? null : { label, value: values.map(oneLine) };
}

function section(heading: string, found: readonly Row[]): CertificateTextSection {
  return { heading, rows: found.filter((one) => one !== null), paragraphs: [] };
}
