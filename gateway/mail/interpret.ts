// Turns one parsed, authenticated mail into the one thing it asks for: ordered rules, the first that matches wins.

import type { Authentication } from './authenticate.ts';
import type { ContractFields, Problem } from './contract-fields.ts';
import { readContractMail } from './contract-mail.ts';
import { nearWord } from './near-words.ts';
import type { Attachment, ParsedMessage } from './parse.ts';
import { unquotedLines } from './reply-text.ts';
import { normaliseLine } from './text.ts';
import { REGISTRATION_WORDS, readWord, type Word, type WordName } from './words.ts';

/** Which of our own secrets came back with the mail; checking them is the caller's. */
export interface PresentedSecrets {
  /** A valid ReplySecret, in the recipient address, the references or the text. */
  replySecret: boolean;
  /** A valid bounce secret in the envelope recipient (VERP). */
  bounceSecret: boolean;
}

export interface FailedDelivery {
  recipient: string | null;
  action: 'failed' | 'delayed' | 'arrived';
  /** Enhanced status (RFC 3463). */
  status: string | null;
  diagnostic: string | null;
  returnedMessageId: string | null;
  /** Whether a bounce secret proves that our own mail came back. */
  proven: boolean;
}

export interface MailProblem {
  code:
    | Problem['code']
    | 'no-pdf'
    | 'pictures-only'
    | 'empty-file'
    | 'pdf-refused:not-a-pdf'
    | 'word-file'
    | 'encrypted-zip'
    | 'zip-file'
    | 'winmail'
    | 'smime'
    | 'unknown-file'
    | 'nearly-trial'
    | 'not-understood';
  args: Record<string, string>;
}

export type Interpretation =
  | { type: 'ignored'; reason: 'automatic' | 'delivery-report' }
  | { type: 'bounce'; failed: FailedDelivery }
  | { type: 'quarantined'; reason: string }
  | { type: 'notStaff' }
  /** 「控え」 from somebody proven who is not staff: maybe a vendor. */
  | { type: 'vendorCopies' }
  | { type: 'word'; word: WordName; argument: string; lines: string[]; attachments: Attachment[] }
  /** To the address for verification: whatever the text says, it is about the files. */
  | { type: 'verification'; attachments: Attachment[]; staff: boolean }
  /** To the address for registrations: the files, whatever they are. */
  | { type: 'feed'; attachments: Attachment[] }
  /** From a form system: its answers stand in the text. */
  | { type: 'notification' }
  | { type: 'draft'; mail: ContractFields; attachments: Attachment[]; problems: MailProblem[] }
  /** 「テスト」: what of the files arrives here as it was sent. */
  | { type: 'trial'; attachments: Attachment[] }
  | { type: 'form' }
  | { type: 'refusal'; problems: MailProblem[] };

/** What the address is for that a mail came to; `notifications` where a form's own system writes to that for registrations. */
export type Desk = 'contracts' | 'verification' | 'registrations' | 'notifications';

interface Incoming {
  message: ParsedMessage;
  authentication: Authentication;
  secrets: PresentedSecrets;
  desk: Desk;
}

type Rule = (incoming: Incoming) => Interpretation | null;

const RULES: Rule[] = [
  bounce,
  notification,
  automatic,
  unproven,
  verification,
  notStaff,
  sealed,
  trial,
  search,
  reply,
  feed,
  draft,
  question,
];

/** Pure. A word is handed on with or without a reply secret; what it may do without one is the caller's to decide. */
export function interpret(
  message: ParsedMessage,
  authentication: Authentication,
  secrets: PresentedSecrets,
  desk: Desk = 'contracts',
): Interpretation {
  for (const rule of RULES) {
    const interpretation = rule({ message, authentication, secrets, desk });
    if (interpretation !== null) return interpretation;
  }
  const [line = ''] = unquotedLines(message.text);
  const [meant = { code: 'not-understood', args: { line } } as const] = meantAsTrial(message);
  return { type: 'refusal', problems: [meant] };
}

const REPORT_CHARACTERS = 600;

/** What a report says to people, where it says nothing to programs; without the mail that it returns below. */
function reportText(text: string): string | null {
  const own = text.split(/^-{2,} ?(?:original message|below this line|returned message)|^--- /im)[0]!;
  return own.replace(/\s+/gu, ' ').trim().slice(0, REPORT_CHARACTERS) || null;
}

/** RFC 3464 2.3.3: whoever relays to a server that reports no more has handed the mail over; `expanded` went to we know not whom. */
function actionOf(action: string): FailedDelivery['action'] | null {
  if (action === 'failed' || action === 'delayed') return action;
  return action === 'delivered' || action === 'relayed' ? 'arrived' : null;
}

function bounce({ message, secrets }: Incoming): Interpretation | null {
  const { dsn } = message;
  // Vacation answers go to the bounce address too: without a report only a mail system's own word is a bounce.
  const bySystem = /^(mailer-daemon|postmaster)@/i.test(message.from?.address ?? '');
  if (dsn === null && !(secrets.bounceSecret && (bySystem || message.automatic === null))) return null;
  const action = actionOf(dsn?.action ?? 'failed');
  if (action === null) return { type: 'ignored', reason: 'delivery-report' };
  return {
    type: 'bounce',
    failed: {
      recipient: dsn?.reportedRecipient ?? null,
      action,
      status: dsn?.status ?? null,
      diagnostic: dsn?.diagnostic ?? reportText(message.text),
      returnedMessageId: dsn?.returnedMessageId ?? null,
      proven: secrets.bounceSecret,
    },
  };
}

/** Form systems mark their mails as automatic, and are never answered. */
function notification({ authentication, desk }: Incoming): Interpretation | null {
  return desk === 'notifications' && authentication.level !== 'unproven' ? { type: 'notification' } : null;
}

function automatic({ message }: Incoming): Interpretation | null {
  return message.automatic !== null ? { type: 'ignored', reason: 'automatic' } : null;
}

function unproven({ authentication }: Incoming): Interpretation | null {
  return authentication.level === 'unproven' ? { type: 'quarantined', reason: authentication.detail } : null;
}

function verification({ message, authentication, desk }: Incoming): Interpretation | null {
  if (desk !== 'verification') return null;
  const { attachments } = message;
  return { type: 'verification', attachments, staff: authentication.level === 'staff' };
}

function notStaff({ message, authentication }: Incoming): Interpretation | null {
  if (authentication.level === 'staff') return null;
  const { word } = readWord(unquotedLines(message.text));
  return { type: word === 'copies' ? 'vendorCopies' : 'notStaff' };
}

/** A contract mail whose text is closed must not pass for one without a word; what a reply is about, the caller knows. */
function sealed({ message, secrets, desk }: Incoming): Interpretation | null {
  if (desk !== 'contracts' || secrets.replySecret || unquotedLines(message.text).length > 0) return null;
  const problem = sealedText(message.attachments);
  return problem && { type: 'refusal', problems: [problem] };
}

/** Why there is no text, where S/MIME encrypted it or a signature around it could not be opened. */
export function sealedText(attachments: readonly Attachment[]): MailProblem | null {
  // What is cut off or damaged cannot be told from its octets.
  const closed = attachments.find(
    ({ kind, contentType }) => kind === 'smime' || contentType.endsWith('pkcs7-mime'),
  );
  return closed === undefined ? null : { code: 'smime', args: { file: closed.fileName } };
}

/** Before all else that staff may mean: a trial with a PDF is no contract mail. */
function trial({ message, desk }: Incoming): Interpretation | null {
  if (desk !== 'contracts' || readWord(unquotedLines(message.text)).word !== 'test') return null;
  return { type: 'trial', attachments: message.attachments };
}

/** 「テストです」, or テスト in the subject alone: its writer learns how the word is written. */
function meantAsTrial({ subject, text }: ParsedMessage): MailProblem[] {
  const line = [...unquotedLines(text).slice(0, 1), subject].find((one) => nearWord(one) === 'test');
  return line === undefined ? [] : [{ code: 'nearly-trial', args: { line } }];
}

/** Its lines carry labels of a contract mail, and it asks the same wherever it is written. */
function search({ message }: Incoming): Interpretation | null {
  const word = readWord(unquotedLines(message.text));
  const bringsPdf = message.attachments.some(({ kind }) => kind === 'pdf');
  return word.word === 'search' && !bringsPdf ? asWord(word, message) : null;
}

function reply({ message, secrets }: Incoming): Interpretation | null {
  return secrets.replySecret ? asWord(readWord(unquotedLines(message.text)), message) : null;
}

/** No table of registrations, whatever the mail is about. */
const ALONGSIDE: ReadonlySet<Attachment['kind']> = new Set(['image', 'signature', 'smime']);

/** Nothing that comes to the address for registrations is a contract, nor is 希望確認 with a 契約件名 below it. */
function feed({ message, desk }: Incoming): Interpretation | null {
  // Pictures and signatures come along with every mail.
  const attachments = message.attachments.filter(({ kind }) => !ALONGSIDE.has(kind));
  const word = readWord(unquotedLines(message.text));
  if (desk !== 'registrations') {
    return attachments.length === 0 && REGISTRATION_WORDS.has(word.word) ? asWord(word, message) : null;
  }
  const closed = word.word === 'empty' && sealedText(message.attachments) !== null;
  return attachments.length > 0 || word.word === 'unknown' || (word.word === 'empty' && !closed)
    ? { type: 'feed', attachments }
    : asWord(word, message);
}

function draft({ message }: Incoming): Interpretation | null {
  const { attachments } = message;
  const { fields, problems, isContractMail } = readContractMail(message.subject, message.text);
  if (!isContractMail && !attachments.some(({ kind }) => kind === 'pdf')) return null;
  return {
    type: 'draft',
    mail: fields,
    attachments,
    problems: [
      ...(isContractMail ? [] : meantAsTrial(message)),
      ...problems,
      ...problemsWithFiles(attachments),
    ],
  };
}

function question({ message }: Incoming): Interpretation | null {
  const word = readWord(unquotedLines(message.text));
  if (message.attachments.flatMap(problemWithFile).length > 0)
    return { type: 'refusal', problems: problemsWithFiles(message.attachments) };
  switch (word.word) {
    case 'form':
    case 'help':
    case 'empty':
      return { type: 'form' };
    case 'unknown':
      return normaliseLine(message.subject) === '様式' ? { type: 'form' } : null;
    default:
      return asWord(word, message);
  }
}

function asWord({ word, argument, rest }: Word, message: ParsedMessage): Interpretation {
  return { type: 'word', word, argument, lines: rest, attachments: message.attachments };
}

/** With the PDF that is missing, unless what is said of a file asks for it already. */
function problemsWithFiles(attachments: readonly Attachment[]): MailProblem[] {
  const files = attachments.flatMap(problemWithFile);
  if (attachments.some(({ kind }) => kind === 'pdf') || files.some(({ code }) => code !== 'unknown-file'))
    return files;
  const pictures = attachments.filter(({ kind }) => kind === 'image').map(({ fileName }) => fileName);
  return pictures.length === 0
    ? [{ code: 'no-pdf', args: {} }, ...files]
    : [{ code: 'pictures-only', args: { file: pictures.join('、') } }, ...files];
}

/** Pictures and signatures come along with every mail and are passed over. */
export function problemWithFile({ kind, fileName, content }: Attachment): MailProblem[] {
  const args = { file: fileName };
  switch (kind) {
    case 'pdf':
    case 'image':
    case 'signature':
      return [];
    case 'word':
      return [{ code: 'word-file', args }];
    case 'zip-encrypted':
      return [{ code: 'encrypted-zip', args }];
    case 'zip':
      return [{ code: 'zip-file', args }];
    case 'winmail':
      return [{ code: 'winmail', args }];
    case 'smime':
      return [{ code: 'smime', args }];
    case 'other':
      if (content.length === 0) return [{ code: 'empty-file', args }];
      return [{ code: /\.pdf$/i.test(fileName) ? 'pdf-refused:not-a-pdf' : 'unknown-file', args }];
  }
}
