/** What a mail says, before it becomes text and HTML: one source, so that both say the same. */

import { type Wording, worded } from './wording.ts';

/** The two desks every mail and page names (R55). */
export interface Desks {
  /** Whom to ask about the contract itself. */
  contract: { section: string; phone: string };
  /** Whom to ask about the procedure; `hours` in words, e.g. 平日10:00～18:00、土日及び祝日は除きます。 */
  operation: { name: string; phone: string; hours: string };
}

/** What every mail's Params carry. */
export interface MailBase {
  /** Name of the municipality, e.g. 見本市. */
  municipality: string;
  desks: Desks;
  /** True while the embedded test authority seals: the mail then says that it has no legal effect. */
  testAuthority: boolean;
  /** What the municipality says in its own words. */
  wording?: Wording | undefined;
}

/** One piece of a mail; every string is one line unless it says otherwise. */
export type MailBlock =
  | { kind: 'lines'; lines: readonly string[] }
  /** Label and value; the pairs of one row share a line of the text part, parted by ／. */
  | { kind: 'table'; rows: readonly (readonly TablePair[])[] }
  /** A button in HTML; in both parts the URL stands alone on its line. */
  | { kind: 'link'; label: string; url: string }
  /** Many things with a link each: small, so that fifty of them stay far from what mailers cut off (Gmail: 102 KB). */
  | { kind: 'entries'; entries: readonly { rows: readonly TablePair[]; url: string }[] }
  | { kind: 'list'; items: readonly string[] }
  /** 【注意】 lines that must not be overlooked. */
  | { kind: 'notice'; lines: readonly string[] }
  /** Somebody else's words (a reason, a message), of several lines; set apart so that they cannot pass for ours. */
  | { kind: 'quote'; text: string }
  /** Lines to be copied into a reply as they stand. */
  | { kind: 'form'; lines: readonly string[] }
  /** SHA-256 (64 hex digits) of each document, the digest alone on its line. */
  | { kind: 'digests'; documents: readonly { title: string; sha256: string }[] };

export interface TablePair {
  label: string;
  /** One line, or several of them. */
  value: string | readonly string[];
}

/** A whole mail; the renderer adds desks, note and test notice, so that no mail can forget them. */
export interface MailContent {
  subject: string;
  blocks: readonly MailBlock[];
  desks: Desks;
  /** A line below the desks, '' for none; a web address in it gets a line of its own. */
  note: string;
  testAuthority: boolean;
}

/** A mail ready for sending. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

export const TEST_NOTICE = '試験用・法的効力なし';

/** What stands under every mail in a municipality's name. */
export function signOff(base: MailBase): Pick<MailContent, 'desks' | 'note' | 'testAuthority'> {
  const { desks, testAuthority } = base;
  return { desks, note: worded('note', base), testAuthority };
}

/** RFC 3986 2, without the apostrophe. */
const WEB_ADDRESS = /(https?:\/\/[\w\-.~:/?#[\]@!$&()*+,;=%]+)/;
const ENDS_IN_ADDRESS = new RegExp(`(?<=：)${WEB_ADDRESS.source}$`);

const WHOLLY_ADDRESS = new RegExp(`^${WEB_ADDRESS.source}$`);

/** Whether these words are nothing but a web address; a company's name may begin like one. */
export function isWebAddress(words: string): boolean {
  return WHOLLY_ADDRESS.test(words);
}

/** The note's lines, each either words or one web address. */
export function noteLines(note: string): string[] {
  return note === '' ? [] : parts(note, WEB_ADDRESS);
}

/** A line as it is, or where it ends in 「…：」 and a web address, as two. */
export function addressApart(line: string): string[] {
  return parts(line, ENDS_IN_ADDRESS);
}

function parts(text: string, around: RegExp): string[] {
  const found = text
    .split(around)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return found.length === 0 ? [''] : found;
}

/** The lines of the desks, the same in mails and on pages. */
export function deskPairs(desks: Desks): { label: string; value: string }[] {
  const { contract, operation } = desks;
  return [
    { label: '契約の内容', value: `${contract.section} ${contract.phone}` },
    { label: '操作', value: `${operation.name} ${operation.phone}（${operation.hours}）` },
  ];
}

export function lines(...texts: (string | null | false)[]): MailBlock {
  return { kind: 'lines', lines: texts.filter((text) => typeof text === 'string') };
}

export function pair(label: string, value: TablePair['value']): TablePair {
  return { label, value };
}
