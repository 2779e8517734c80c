/** 合意締結証明書: what it says of a concluded contract, line by line (R42, R43). */
import { oneLine } from './escape.ts';
import { eraDate, exactDateTime, fileSize, type When } from './format.ts';
import { TEST_NOTICE } from './mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleChecker,
  sampleDocuments,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from './sample.ts';
import {
  type Authority,
  authorityWord,
  type ContractKind,
  contractKind,
  namedPerson,
  type ParticipantRole,
  type Person,
  participantRole,
} from './words.ts';

export const CERTIFICATE_FILE_NAME = '合意締結証明書.pdf';

export interface CertifiedPerson {
  role: Exclude<ParticipantRole, 'observer'>;
  person: Person;
  /** 整理番号 of the registration the address comes from; null for the municipality's own people. */
  receiptNumber: string | null;
  registration: 'confirmed' | 'registered' | null;
  consentedAt: When;
  means: 'page' | 'mail-reply';
  /** Remote address of the page's client. */
  ip: string | null;
  /** Latest signature timestamp of this consent; null after a checker's look, which leaves no signature. */
  signedAt: When | null;
}

export interface CertifiedDocument {
  title: string;
  pages: number;
  /** Octets of the executed file. */
  size: number;
  /** SHA-256 as mailed in and as executed. */
  uploaded: string;
  executed: string;
}

export interface CertificateParams {
  municipality: string;
  testAuthority: boolean;
  certificateId: string;
  number: string;
  title: string;
  kind: ContractKind;
  contractNumber: string | null;
  /** 元契約. */
  original: string | null;
  nameHolder: string;
  authority: Authority | null;
  decisionNumber: string | null;
  contractDate: When;
  effectiveDate: When | null;
  issuedAt: When;
  /** In the order of their consents. */
  people: readonly CertifiedPerson[];
  documents: readonly CertifiedDocument[];
  /** Who operates the signing key (R59). */
  keyOperator: string;
}

/** Every string is one line; whoever lays the certificate out breaks it. */
export interface CertificateText {
  title: string;
  notice: string | null;
  lead: string[];
  sections: CertificateTextSection[];
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
    title: '合意締結証明書',
    notice,
    lead: [
      '次の契約について、下に記した署名者が文書の内容に同意し、その同意ごとに電子署名とタイムスタンプが付されたことを証明します。',
    ],
    sections: [
      contractSection(params),
      ...params.people.map((person, index) => personSection(person, index, params)),
      documentSection(params),
      sealSection(params),
      NOTES,
    ],
    footer: `合意締結証明書ID：${params.certificateId}${notice === null ? '' : `（${notice}）`}`,
  };
}

function contractSection(params: CertificateParams): CertificateTextSection {
  return section('契約', [
    row('証明書ID', params.certificateId),
    row('契約件名', params.title),
    row('種別', contractKind(params.kind)),
    row('受付番号', params.number),
    row('契約番号', params.contractNumber),
    row('元契約', params.original),
    row('自治体', `${params.municipality}（名義人：${params.nameHolder}）`),
    row('契約日', `${eraDate(params.contractDate)}（最後の電子署名のタイムスタンプの日）`),
    row('効力発生日', params.effectiveDate === null ? null : eraDate(params.effectiveDate)),
    row('証明書の発行', exactDateTime(params.issuedAt)),
  ]);
}

const MEANS = { page: '本人専用のURLの画面', 'mail-reply': '本人あてメールへの「承認」の返信' } as const;

function personSection(person: CertifiedPerson, index: number, params: CertificateParams) {
  const { role, consentedAt, means, ip, signedAt } = person;
  const approver = role === 'approver';
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
    row(role === 'checker' ? '確認の日時' : '同意の日時', exactDateTime(consentedAt)),
    row('方法', `${MEANS[means]}${ip === null ? '' : `（IPアドレス ${ip}）`}`),
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
  const rows = documents.map(({ title, pages, size, uploaded, executed }, index) => ({
    label: `${index + 1} ${oneLine(title)}`,
    value: [
      `${pages}枚、締結後のファイルの大きさ ${fileSize(size)}`,
      '受付時のSHA-256',
      uploaded,
      '締結後のSHA-256',
      executed,
    ],
  }));
  return { heading: '文書', rows, paragraphs: [] };
}

function sealSection({ keyOperator }: CertificateParams): CertificateTextSection {
  return section('電子署名と記録', [
    row('署名鍵の運用者', keyOperator),
    row('方式', '参加者の同意を受けて運用者の鍵で署名（立会人型）。PAdES長期署名、RFC 3161タイムスタンプ'),
    row('アドレスの変更', '契約書を送ってから締結までに、参加者のアドレスの変更はありません。'),
  ]);
}

const NOTES: CertificateTextSection = {
  heading: 'ご注意',
  rows: [],
  paragraphs: [
    '・PDFが契約書の原本です。印刷したものは「契約書の写し」になります。',
    '・マーカーを含め内容を編集すると電子署名は無効になります。ファイル名は変えても差し支えありません。',
    '・各文書の1ページ目の左下に、この証明書と同じIDを印字しています。',
    '・可読性・検索性を担保できる場所で保管してください。',
  ],
};

type Row = { label: string; value: string[] } | null;

function row(label: string, value: string | null): Row {
  return value === null ? null : { label, value: [oneLine(value)] };
}

function section(heading: string, rows: readonly Row[]): CertificateTextSection {
  return { heading, rows: rows.filter((one) => one !== null), paragraphs: [] };
}

export const certificateSample: CertificateParams = {
  municipality: sampleBase.municipality,
  testAuthority: false,
  certificateId: 'ABCD-EFGH-IJKL-MNOP',
  number: sampleNumber,
  title: sampleTitle,
  kind: 'amendment',
  contractNumber: null,
  original: '2026-0101',
  nameHolder: '見本市長',
  authority: 'standIn',
  decisionNumber: '総管第45号',
  contractDate: '2026-11-30',
  effectiveDate: '2026-12-01',
  issuedAt: '2026-11-30T01:31:02Z',
  people: [
    {
      role: 'checker',
      person: sampleChecker,
      receiptNumber: '12345',
      registration: 'registered',
      consentedAt: '2026-11-27T00:00:05Z',
      means: 'page',
      ip: '192.0.2.10',
      signedAt: null,
    },
    {
      role: 'signatory',
      person: sampleSignatory,
      receiptNumber: '12345',
      registration: 'confirmed',
      consentedAt: '2026-11-28T01:15:00Z',
      means: 'page',
      ip: '192.0.2.11',
      signedAt: '2026-11-28T01:15:09Z',
    },
    {
      role: 'approver',
      person: sampleApprover,
      receiptNumber: null,
      registration: null,
      consentedAt: '2026-11-30T01:30:00Z',
      means: 'mail-reply',
      ip: null,
      signedAt: '2026-11-30T01:30:30Z',
    },
  ],
  documents: sampleDocuments.map(({ title, pages, size, sha256 }) => ({
    title,
    pages,
    size,
    uploaded: sha256,
    executed: [...sha256].reverse().join(''),
  })),
  keyOperator: '見本市（電子契約サービス契約便の運用者）',
};
