/** The contract mail's form, empty and as an example, for staff to copy. */
import { type Amount, eraDate, money, type When } from '../format.ts';
import { lines, type MailBlock } from '../mail-content.ts';
import { sampleApprover, sampleSignatory, sampleTitle } from '../sample.ts';
import {
  type Authority,
  announcedWord,
  authorityWord,
  type ContractKind,
  type ContractMethod,
  contractKind,
  methodWord,
  municipalityWord,
  namedPerson,
  openTermWords,
  type ParticipantRole,
  type Person,
  participantRole,
} from '../words.ts';

/** Every label, with nothing behind it that could be mistaken for an answer. */
export function emptyForm(municipality: string): MailBlock {
  return {
    kind: 'form',
    lines: [
      '契約件名：',
      '種別：契約書',
      '契約相手方：',
      '相手方確認者：',
      `${municipalityWord(municipality)}側署名者：`,
      '契約金額：',
      '契約締結予定日：',
      '履行期間：',
      '決裁番号：',
      '契約保証：',
    ],
  };
}

export function exampleForm(municipality: string): MailBlock {
  return {
    kind: 'form',
    lines: [
      '契約件名：市道1号線舗装工事',
      '種別：契約書',
      '契約相手方：株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>',
      '相手方確認者：',
      `${municipalityWord(municipality)}側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>`,
      '契約金額：1,100,000円（税込）',
      '契約締結予定日：令和8年12月1日',
      '履行期間：令和8年12月1日から令和9年3月26日まで',
      '決裁番号：総管第45号',
      '契約保証：免除',
    ],
  };
}

/** What a contract mail has said; null where nothing was written. An access code is not repeated: mails are forwarded. */
export interface FilledForm {
  title: string;
  kind: ContractKind;
  participants: readonly { role: ParticipantRole; person: Person }[];
  contractNumber: string | null;
  amount: Amount | null;
  plannedDate: When | null;
  effectiveDate: When | null;
  term: { from: When | null; to: When | null };
  deadline: When | null;
  method: ContractMethod | null;
  noticeDate: When | null;
  announced: boolean | null;
  decisionNumber: string | null;
  authority: Authority | null;
  original: string | null;
  guarantee: string | null;
  message: string | null;
  documents: readonly { title: string; fileName: string }[];
}

/** The form as it was filled in, every line such that it is read again as it stands. */
export function filledForm(form: FilledForm, municipality: string): string[] {
  const line = (label: string, value: string | null): string[] =>
    value === null || value === '' ? [] : [`${label}：${value}`];
  const date = (when: When | null): string | null => when && eraDate(when);
  const people = (role: ParticipantRole): string[] =>
    form.participants.filter((one) => one.role === role).map(({ person }) => writtenPerson(person));
  const signatories = people('signatory');
  const several = signatories.length > 1;
  return [
    ...line('契約件名', form.title),
    ...line('種別', contractKind(form.kind)),
    ...line('元契約', form.original),
    ...signatories.flatMap((person, at) => line(`契約相手方${several ? at + 1 : ''}`, person)),
    ...line('相手方確認者', people('checker')[0] ?? null),
    ...line(participantRole('approver', municipality), people('approver')[0] ?? null),
    ...line('権限の根拠', form.authority && authorityWord(form.authority)),
    ...line('共有', people('observer').join('、')),
    ...line('契約番号', form.contractNumber),
    ...line('契約金額', form.amount && money(form.amount)),
    ...line('契約締結予定日', date(form.plannedDate)),
    ...line('効力発生日', date(form.effectiveDate)),
    ...line('履行期間', openTermWords(form.term)),
    ...line('期限', date(form.deadline)),
    ...line('契約方式', form.method && methodWord(form.method)),
    ...line('公告日', date(form.noticeDate)),
    ...line('公告等への記載', form.announced === null ? null : announcedWord(form.announced)),
    ...line('決裁番号', form.decisionNumber),
    ...line('契約保証', form.guarantee),
    ...form.documents.flatMap(({ title, fileName }, at) => line(`文書${at + 1}`, `${title}＝${fileName}`)),
    ...line('伝言', form.message),
  ];
}

function writtenPerson(person: Person): string {
  return `${namedPerson(person)} <${person.address}>`.trim();
}

/** How a contract that has ended is mailed in anew, by reply, with what it said to copy from. */
export function anewBlocks(form: FilledForm, municipality: string): MailBlock[] {
  return [
    lines(
      '直してもう一度お願いするときは、下から直す行だけを写して直し、このメールに返信してください。',
      '書かない行と文書は、前のまま使います。文書を替えるときは、同じファイル名のPDFを添付してください。',
      '直すところがないときは、「契約件名」の行だけを写して返信してください。',
      '新しい受付番号で受け付け、確認のメールをお送りします。「依頼」と返信するまで、どなたにも送りません。',
    ),
    { kind: 'form', lines: filledForm(form, municipality) },
  ];
}

export const filledFormSample: FilledForm = {
  title: sampleTitle,
  kind: 'contract',
  participants: [
    { role: 'signatory', person: sampleSignatory },
    { role: 'approver', person: sampleApprover },
  ],
  contractNumber: null,
  amount: { yen: 1_100_000, tax: 'included' },
  plannedDate: '2026-12-01',
  effectiveDate: null,
  term: { from: '2026-12-01', to: '2027-03-26' },
  deadline: null,
  method: null,
  noticeDate: null,
  announced: null,
  decisionNumber: '総管第45号',
  authority: null,
  original: null,
  guarantee: '免除',
  message: null,
  documents: [
    { title: '契約書', fileName: '契約書.pdf' },
    { title: '金抜き設計書', fileName: '金抜き設計書.pdf' },
  ],
};

/** How each line is to be filled in. */
export const FORM_RULES: readonly string[] = [
  '種別は「契約書」「請書」「変更契約」「仮契約」「単価契約」のどれかです。',
  '契約相手方は「会社名 役職 氏名 <メールアドレス>」です。代わりに「整理番号12345」と書くこともできます。',
  '共同企業体など契約相手方が複数のときは、「契約相手方1：」「契約相手方2：」と、署名する順に書きます。',
  '請書では、契約相手方だけが署名します。自治体側の署名者の行は要りません。',
  '請負・委託などの単価契約の金額は「1t当たり1,200円（税抜）」のように書けます。',
  '変更契約では「元契約：2026-0001」のように、元の契約の受付番号か名称を書けます（紙の契約も書けます）。',
  '署名者の権限は「権限の根拠：専決」のように、「委任」「専決」「代決」のどれかを書けます。',
  '締結後の文書を受け取るだけの方は「共有：氏名 <メールアドレス>」に書きます。',
  'ほかに「契約番号：」「効力発生日：」「期限：」「契約方式：」「公告日：」「指名日：」「伝言：」「文書1：名称＝ファイル名」の行も書けます。',
  '相手方確認者など、当てはまらない行は空けておいてください。',
];
