/** Words for people, roles, kinds and documents that mails and pages share. */
import { eraDate, fileSize, type When } from './format.ts';

/** A person as mails address one; a name may be missing where the mail gave only an address. */
export interface Person {
  /** Company, or section of the municipality. */
  organisation: string | null;
  /** 役職. */
  title: string | null;
  name: string | null;
  address: string;
}

export type ParticipantRole = 'checker' | 'signatory' | 'approver' | 'observer';
export type ContractKind = 'contract' | 'acknowledgement' | 'amendment' | 'provisional' | 'unitPrice';

/** A document of a contract: `size` in octets, `sha256` as 64 hex digits. */
export interface DocumentFacts {
  title: string;
  pages: number;
  size: number;
  sha256: string;
}

/** Who in the municipality asks; shown to participants. */
export type Initiator = Pick<Person, 'organisation' | 'name'>;

/** 株式会社サンプル 代表取締役 山田太郎様; ご担当者様 where no name is known. */
export function personWithHonorific(person: Omit<Person, 'address'>): string {
  return `${namedPerson({ ...person, name: person.name ?? 'ご担当者' })}様`;
}

/** 総務課長 鈴木一郎 */
export function namedPerson(person: Omit<Person, 'address'>): string {
  return [person.organisation, person.title, person.name]
    .filter((part) => part !== null && part !== '')
    .join(' ');
}

/** 株式会社サンプル 代表取締役 山田太郎様 yamada@sample.example.jp */
export function personWithAddress(person: Person): string {
  return `${personWithHonorific(person)} ${person.address}`;
}

/** 市, 町, 村, 県 … as in 市側署名者; 自治体 where the name does not end so (e.g. a 一部事務組合). */
export function municipalityWord(municipality: string): string {
  return /[都道府県市区町村]$/.exec(municipality)?.[0] ?? '自治体';
}

/** What a role is called in mails and on pages. */
export function participantRole(role: ParticipantRole, municipality: string): string {
  const words: Record<ParticipantRole, string> = {
    checker: '相手方確認者',
    signatory: '契約相手方',
    approver: `${municipalityWord(municipality)}側署名者`,
    observer: '共有先',
  };
  return words[role];
}

const KINDS: Record<ContractKind, string> = {
  contract: '契約書',
  acknowledgement: '請書',
  amendment: '変更契約書',
  provisional: '仮契約書',
  unitPrice: '単価契約書',
};

/** What a kind of contract is called. */
export function contractKind(kind: ContractKind): string {
  return KINDS[kind];
}

/** 権限の根拠 of the municipality's approver. */
export type Authority = 'delegated' | 'exclusive' | 'standIn';

const AUTHORITIES: Record<Authority, string> = { delegated: '委任', exclusive: '専決', standIn: '代決' };

export function authorityWord(authority: Authority): string {
  return AUTHORITIES[authority];
}

/** 契約方式 */
export type ContractMethod = 'open' | 'designated' | 'negotiated';

const METHODS: Record<ContractMethod, string> = {
  open: '一般競争入札',
  designated: '指名競争入札',
  negotiated: '随意契約',
};

export function methodWord(method: ContractMethod): string {
  return METHODS[method];
}

/** 公告等への記載, as a contract mail says it. */
export function announcedWord(announced: boolean): string {
  return announced ? '済' : 'なし';
}

/** A span of calendar days. */
export interface Term {
  from: When;
  to: When;
}

/** 令和8年12月1日から令和9年3月26日まで */
export function termWords(term: Term): string {
  return `${eraDate(term.from)}から${eraDate(term.to)}まで`;
}

/** The same, or the one end that was written; null where none was. */
export function openTermWords({ from, to }: { from: When | null; to: When | null }): string | null {
  if (from === null && to === null) return null;
  return `${from === null ? '' : `${eraDate(from)}から`}${to === null ? '' : `${eraDate(to)}まで`}`;
}

// A longer row of documents no longer reads as one line.
const DOCUMENTS_ON_ONE_LINE = 3;

/** 1 契約書（12枚） 2 設計書（30枚）; each on its own line when there are more than three. */
export function documentRow(documents: readonly Pick<DocumentFacts, 'title' | 'pages'>[]): string | string[] {
  return joined(documents.map(({ title, pages }, at) => `${at + 1} ${title}（${pages}枚）`));
}

/** The same with sizes, which make two too wide for a telephone's line: 1 契約書（12枚、310KB） */
export function documentRowWithSizes(documents: readonly Omit<DocumentFacts, 'sha256'>[]): string | string[] {
  return joined(
    documents.map(({ title, pages, size }, at) => `${at + 1} ${title}（${pages}枚、${fileSize(size)}）`),
    1,
  );
}

function joined(items: string[], onOneLine = DOCUMENTS_ON_ONE_LINE): string | string[] {
  // The empty first line puts the list below its label in the text part.
  return items.length <= onOneLine ? items.join(' ') : ['', ...items];
}

/** Documents with running numbers, as digests are listed. */
export function numbered<T extends { title: string }>(documents: readonly T[]): T[] {
  return documents.map((document, at) => ({ ...document, title: `${at + 1} ${document.title}` }));
}

/** What somebody put into a box of a document; `value` is null for a ticked check box. */
export interface FilledFact {
  document: string;
  label: string;
  value: string | null;
}

/** Labels with what stands there; the document's name comes along where `documents` are several. */
export function filledPairs(
  filled: readonly FilledFact[],
  documents: readonly unknown[],
): { label: string; value: string }[] {
  return filled.map(({ document, label, value }) => ({
    label: documents.length > 1 ? `${label}（${document}）` : label,
    value: value ?? 'チェックあり',
  }));
}

/** The same as lines of a mail, below their label. */
export function filledLines(filled: readonly FilledFact[], documents: readonly unknown[]): string[] {
  const lines = filledPairs(filled, documents).map(
    ({ label, value }) => `${label}：${value.replaceAll('\n', ' ')}`,
  );
  return ['', ...lines];
}

/** How many boxes are to be filled in, and how many of them must be. */
export interface BoxCount {
  boxes: number;
  required: number;
}

/** 3か所（うち必須2か所） */
export function boxCount({ boxes, required }: BoxCount): string {
  if (required === 0) return `${boxes}か所（いずれも任意）`;
  return required === boxes ? `${boxes}か所（すべて必須）` : `${boxes}か所（うち必須${required}か所）`;
}

/** The one English line of mails to vendors; their pages speak both languages. */
export const ENGLISH_HINT = 'English: open the link and choose "English" at the top of the page.';
